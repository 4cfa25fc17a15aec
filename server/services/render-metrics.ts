import { breakerStates } from '#shared/contracts/admin'
import { readRagStatus } from './answering/rag/rag-status'
import { collectProcessMetrics, gauges, registry } from './metrics'

/** Everything in Prometheus' text format. */
export async function renderMetrics(): Promise<{ type: string, text: string }> {
  collectProcessMetrics()
  const status = await readRagStatus()
  for (const state of breakerStates) gauges.breaker.set({ state }, Number(status.breaker.state === state))
  gauges.inFlight.set(status.in_flight)
  gauges.latency.set({ quantile: '0.5' }, (status.last_hour.p50_ms ?? 0) / 1000)
  gauges.latency.set({ quantile: '0.95' }, (status.last_hour.p95_ms ?? 0) / 1000)
  gauges.lastErrorAt.set(status.last_error ? Date.parse(status.last_error.at) / 1000 : 0)
  gauges.outbox.set({ status: 'pending' }, status.outbox.pending)
  gauges.outbox.set({ status: 'given_up' }, status.outbox.given_up)
  gauges.outboxAge.set(status.outbox.oldest_pending_at ? (Date.now() - Date.parse(status.outbox.oldest_pending_at)) / 1000 : 0)
  gauges.pendingQuestions.set(status.pending_questions)
  return { type: registry.contentType, text: await registry.metrics() }
}
