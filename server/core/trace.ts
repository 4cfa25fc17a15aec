import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Span } from '@opentelemetry/api'

/*
 * Traces, where somebody collects them (services/tracing.ts turns them on). Without that nothing here costs more than a
 * comparison. Attributes are names, kinds and numbers; never a text, a parameter or a key.
 */
export interface Tracing {
  /** A span below `parent`; null: the first of its trace, or (`traceparent`) below the caller's. */
  start: (name: string, options: { kind?: 'server' | 'client', parent: Span | null, traceparent?: string, attributes?: Attributes }) => Span
  /** Sends what has ended and stops. */
  stop: () => Promise<void>
}

let tracing: Tracing | null = null
const current = new AsyncLocalStorage<Span>()

export function setTracing(next: Tracing | null): void {
  tracing = next
}

export const isTracing = (): boolean => tracing !== null

/** The span of a request; null where nobody traces. Whoever starts it ends it. */
export function startRequestSpan(name: string, traceparent: string | undefined, attributes: Attributes): Span | null {
  return tracing?.start(name, { kind: 'server', parent: null, traceparent, attributes }) ?? null
}

/** Runs `work` with this span as the parent of those that begin in it. */
export const withinSpan = <Result>(span: Span | null, work: () => Result): Result => (span ? current.run(span, work) : work())

/** A span that the caller ends; null where nobody traces, and outside of a traced request. */
export function startSpan(name: string, attributes?: Attributes, kind?: 'client'): Span | null {
  const parent = current.getStore()
  return tracing && parent ? tracing.start(name, { kind, parent, attributes }) : null
}

/** Runs `work` in a span that ends with it. */
export async function inSpan<Result>(name: string, attributes: Attributes, work: (span: Span | null) => Promise<Result>, kind?: 'client'): Promise<Result> {
  const span = startSpan(name, attributes, kind)
  if (!span) return work(null)
  try {
    return await withinSpan(span, () => work(span))
  }
  catch (error) {
    failSpan(span)
    throw error
  }
  finally {
    span.end()
  }
}

/** Marks a span as failed; why is in the log, under the same request id. */
export function failSpan(span: Span): void {
  // SpanStatusCode.ERROR; the enum itself would load the library.
  span.setStatus({ code: 2 })
}

/** For the next service: which span it is called from, in W3C's form; null where nobody traces. */
export function traceparent(): string | null {
  const context = current.getStore()?.spanContext()
  return context ? `00-${context.traceId}-${context.spanId}-${(context.traceFlags & 0xff).toString(16).padStart(2, '0')}` : null
}
