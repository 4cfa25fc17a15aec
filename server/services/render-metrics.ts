import { AggregatorRegistry, Gauge, type MetricObjectWithValues, type MetricValue } from 'prom-client'
import { env } from '#server/core/env'
import { collectFromWorkers } from '#server/core/workers'
import { breakerStates } from '#shared/contracts/admin'
import { readRagStatus } from './answering/rag/rag-status'
import { collectProcessMetrics, databaseMetrics, gauges, registry } from './metrics'

export type ProcessMetrics = MetricObjectWithValues<MetricValue<string>>[]

/** Everything in Prometheus' text format: of this process, or of all workers of this machine together. */
export async function renderMetrics(): Promise<{ type: string, text: string }> {
  const ofWorkers = await collectFromWorkers<ProcessMetrics>()
  if (ofWorkers) return { type: registry.contentType, text: await aggregate(ofWorkers).metrics() }
  await setGauges()
  return { type: registry.contentType, text: await registry.metrics() }
}

/** The metrics of this process alone, as data that another one can add up. */
export async function localMetrics(): Promise<ProcessMetrics> {
  await setGauges()
  return registry.getMetricsAsJSON() as Promise<ProcessMetrics>
}

/** Adds up what each worker gave. */
export function aggregate(ofWorkers: ProcessMetrics[]) {
  const sum = AggregatorRegistry.aggregate(ofWorkers)
  new Gauge({ name: 'vasiliasbot_workers', help: 'Workers of this machine that these figures are of.', registers: [sum] }).set(ofWorkers.length)
  return sum
}

async function setGauges(): Promise<void> {
  collectProcessMetrics()
  databaseMetrics.pool.set(env().embedded ? 1 : env().DATABASE_POOL)
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
}
