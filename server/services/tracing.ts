import type { Context, SpanKind } from '@opentelemetry/api'
import { log } from '#server/core/log'
import type { Tracing } from '#server/core/trace'

/** How long a server that stops waits for a collector. */
const STOP_MS = 2_000

/**
 * Sends spans over OTLP/HTTP to OTEL_EXPORTER_OTLP_ENDPOINT (`<endpoint>/v1/traces`). The libraries are loaded here and
 * now, so that a server without it is spared them; they read OTEL_EXPORTER_OTLP_HEADERS and the like by themselves.
 */
export async function startTracing(): Promise<Tracing> {
  const [api, { BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  // One line and no more: a collector that is away must not fill the log.
  let complained = false
  const complain = (message: string) => {
    if (!complained) log.warn({ reason: message.slice(0, 200) }, 'Traces cannot be sent')
    complained = true
  }
  const nothing = () => {}
  api.diag.setLogger({ error: complain, warn: nothing, info: nothing, debug: nothing, verbose: nothing }, { logLevel: api.DiagLogLevel.ERROR, suppressOverrideMessage: true })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME || 'vasiliasbot' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  const tracer = provider.getTracer('vasiliasbot')
  const kinds: Record<'server' | 'client', SpanKind> = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT }

  /** `00-<trace>-<span>-<flags>`; anything else is no caller. */
  function callerOf(traceparent: string | undefined): Context {
    const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
    const caller = { traceId: traceId ?? '', spanId: spanId ?? '', traceFlags: Number.parseInt(flags ?? '0', 16), isRemote: true }
    return api.isSpanContextValid(caller) ? api.trace.setSpanContext(api.ROOT_CONTEXT, caller) : api.ROOT_CONTEXT
  }

  return {
    start: (name, { kind, parent, traceparent, attributes }) => tracer.startSpan(
      name,
      { kind: kind ? kinds[kind] : api.SpanKind.INTERNAL, attributes },
      parent ? api.trace.setSpan(api.ROOT_CONTEXT, parent) : callerOf(traceparent),
    ),
    stop: async () => {
      const late = new Promise(resolve => setTimeout(resolve, STOP_MS).unref())
      await Promise.race([provider.shutdown().catch((error: Error) => complain(error.message)), late])
    },
  }
}
