import type { RagOutcome } from './rag-client'

const HOUR_MS = 60 * 60 * 1000
/** Beyond it the oldest calls of the hour are left out: percentiles of five thousand are good enough. */
const KEPT = 5_000

interface Call { at: number, ms: number, kind: RagOutcome['kind'] }
export interface LastError { at: Date, reason: string, status: number | null }

/** What this server has seen of one RAG API: the calls of the last hour, the last answer and the last error. */
export class CallStatistics {
  #calls: Call[] = []
  lastAnswerAt: Date | null = null
  lastError: LastError | null = null

  record(outcome: RagOutcome, ms: number, now = new Date()): void {
    this.#calls.push({ at: now.getTime(), ms, kind: outcome.kind })
    if (this.#calls.length > KEPT) this.#calls.shift()
    if (outcome.kind === 'answer' || outcome.kind === 'unknown') this.lastAnswerAt = now
    if (outcome.kind === 'failed') this.lastError = { at: now, reason: outcome.reason, status: outcome.status }
  }

  /** `calls` were really asked; `skipped` were not. Percentiles are of those asked. */
  lastHour(now = Date.now()) {
    this.#calls = this.#calls.filter(call => call.at > now - HOUR_MS)
    const asked = this.#calls.filter(call => call.kind !== 'skipped')
    const times = asked.map(call => call.ms).sort((a, b) => a - b)
    return {
      calls: asked.length,
      failed: asked.filter(call => call.kind === 'failed').length,
      skipped: this.#calls.length - asked.length,
      p50_ms: percentile(times, 0.5),
      p95_ms: percentile(times, 0.95),
    }
  }
}

/** Nearest rank, whole milliseconds; null of nothing. */
function percentile(sorted: number[], share: number): number | null {
  return sorted.length ? Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!) : null
}
