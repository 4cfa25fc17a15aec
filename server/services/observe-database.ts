import type { Span } from '@opentelemetry/api'
import { log } from '#server/core/log'
import { failSpan, isTracing, startSpan } from '#server/core/trace'
import { setStatementObserver } from '#server/db/statement-observer'
import { databaseMetrics } from './metrics'

/** Enough to find a statement in the code. */
const SHOWN = 1_000

/**
 * Counts and times every statement (the wait for a connection included), traces it, and writes those of `slowMs` and
 * more to the log (0: none): their text has placeholders where the values were.
 */
export function observeDatabase(slowMs: number): void {
  setStatementObserver((statement) => {
    const started = performance.now()
    const span = isTracing() ? statementSpan(statement) : null
    databaseMetrics.inFlight.inc()
    return (failed) => {
      const ms = performance.now() - started
      databaseMetrics.inFlight.dec()
      databaseMetrics.seconds.observe({ result: failed ? 'failed' : 'ok' }, ms / 1000)
      if (span && failed) failSpan(span)
      span?.end()
      if (slowMs > 0 && ms >= slowMs) log.warn({ statement: short(statement), duration_ms: Math.round(ms), failed: failed || undefined }, 'A slow query')
    }
  })
}

function statementSpan(statement: string): Span | null {
  const verb = /^[\s(]*([a-z]+)/i.exec(statement)?.[1]?.toLowerCase() ?? 'other'
  return startSpan(`database ${verb}`, { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.query.text': short(statement) }, 'client')
}

const short = (statement: string) => statement.replace(/\s+/g, ' ').trim().slice(0, SHOWN)
