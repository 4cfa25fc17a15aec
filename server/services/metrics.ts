import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RagApiFormat } from '#shared/contracts/admin'
import type { ReplySource } from '#shared/contracts/chat'

/**
 * What /api/metrics shows: counts of this process since its start; gauges are set when somebody looks. With several
 * workers their values are added up; where a gauge says `max`, all of them tell of the same thing.
 */
export const registry = new Registry()

const ragCalls = new Counter({ name: 'vasiliasbot_rag_calls_total', help: 'Questions for the RAG API by outcome; skipped: not asked (breaker open, too many at once, key unreadable).', labelNames: ['format', 'outcome'] as const, registers: [registry] })
const ragSeconds = new Histogram({ name: 'vasiliasbot_rag_call_seconds', help: 'How long the RAG API took, failures included.', labelNames: ['format'] as const, buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60], registers: [registry] })
const replies = new Counter({ name: 'vasiliasbot_replies_total', help: 'Replies of the bot by source.', labelNames: ['source'] as const, registers: [registry] })
const requests = new Histogram({ name: 'vasiliasbot_http_request_seconds', help: 'Requests by route and status, and how long they took; its count is their number.', labelNames: ['method', 'route', 'status'] as const, buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers: [registry] })
const matches = new Counter({ name: 'vasiliasbot_matcher_decisions_total', help: 'What the FAQ matcher decided; pass: by words as the question came in, or again (with the encoder) for one it had left open.', labelNames: ['pass', 'decision'] as const, registers: [registry] })
const clientErrors = new Counter({ name: 'vasiliasbot_client_errors_total', help: 'Errors that browsers reported.', registers: [registry] })
const deliveries = new Counter({ name: 'vasiliasbot_feedback_deliveries_total', help: 'Attempts to deliver a rating to the RAG API by result.', labelNames: ['result'] as const, registers: [registry] })

/** Statements of this server, the wait for a connection included: more in flight than the pool has connections means that some wait. */
export const databaseMetrics = {
  seconds: new Histogram({ name: 'vasiliasbot_database_statement_seconds', help: 'Database statements by result, and how long they took, the wait for a connection included.', labelNames: ['result'] as const, buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15], registers: [registry] }),
  inFlight: new Gauge({ name: 'vasiliasbot_database_statements_in_flight', help: 'Statements being run or waiting for a connection.', registers: [registry] }),
  pool: new Gauge({ name: 'vasiliasbot_database_pool_size', help: 'Connections this server may have open; 1 on the embedded database.', registers: [registry] }),
}

/** Set at every look, from what the service of the status says. */
export const gauges = {
  breaker: new Gauge({ name: 'vasiliasbot_rag_breaker_state', help: '1 for the state the circuit breaker is in; of several workers how many are in it.', labelNames: ['state'] as const, registers: [registry] }),
  inFlight: new Gauge({ name: 'vasiliasbot_rag_in_flight', help: 'Questions being asked now.', registers: [registry] }),
  latency: new Gauge({ name: 'vasiliasbot_rag_last_hour_seconds', aggregator: 'max', help: 'Time of the RAG API over the last hour.', labelNames: ['quantile'] as const, registers: [registry] }),
  lastErrorAt: new Gauge({ name: 'vasiliasbot_rag_last_error_timestamp_seconds', aggregator: 'max', help: 'When the RAG API last failed; 0: not since the start.', registers: [registry] }),
  outbox: new Gauge({ name: 'vasiliasbot_outbox_depth', aggregator: 'max', help: 'Ratings on their way to the RAG API.', labelNames: ['status'] as const, registers: [registry] }),
  outboxAge: new Gauge({ name: 'vasiliasbot_outbox_oldest_pending_seconds', aggregator: 'max', help: 'Age of the oldest rating that waits.', registers: [registry] }),
  pendingQuestions: new Gauge({ name: 'vasiliasbot_pending_questions', aggregator: 'max', help: 'Questions without a reply yet.', registers: [registry] }),
}

export function countRagCall(format: RagApiFormat, outcome: string, ms: number): void {
  ragCalls.inc({ format, outcome })
  if (outcome !== 'skipped') ragSeconds.observe({ format }, ms / 1000)
}

export function countRequest(labels: { method: string, route: string, status: number }, ms: number): void {
  requests.observe(labels, ms / 1000)
}

export const countMatch = (pass: 'words' | 'again', decision: 'answer' | 'suggest' | 'forward') => matches.inc({ pass, decision })
export const countClientError = () => clientErrors.inc()
export const countReply = (source: ReplySource) => replies.inc({ source })
export const countDelivery = (result: 'delivered' | 'failed' | 'given_up') => deliveries.inc({ result })

let collecting = false

/** Memory, event loop and garbage collection as well, from the first look on: their probes cost something. */
export function collectProcessMetrics(): void {
  if (!collecting) collectDefaultMetrics({ register: registry })
  collecting = true
}
