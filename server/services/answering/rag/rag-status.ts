import { countPendingQuestions } from '#server/db/messages'
import { getChatConfig } from '#server/services/config/chat-config'
import { ragApiKeyStatus } from '#server/services/config/rag-api-key'
import { readOutboxSummary } from '#server/services/outbox/manage-outbox'
import type { RagStatus } from '#shared/contracts/admin'
import { breakerOf, circuitOf } from './circuit'
import { ragSettingsOf } from './rag-settings'

const iso = (moment: Date | number | null) => moment === null ? null : new Date(moment).toISOString()

/** How the RAG API does, as this server sees it, and what waits for it. */
export async function readRagStatus(): Promise<RagStatus> {
  const config = await getChatConfig()
  const found = ragSettingsOf(config)
  const circuit = 'settings' in found ? circuitOf(found.settings) : null
  const breaker = circuit && breakerOf(circuit)
  const statistics = circuit?.statistics
  const [outbox, pending_questions] = await Promise.all([readOutboxSummary(), countPendingQuestions()])
  return {
    configured: config.ragApiUrl !== null,
    format: config.ragApiFormat,
    key: ragApiKeyStatus(config),
    breaker: { state: breaker?.state ?? 'closed', opened_at: iso(breaker?.openedAt ?? null), try_again_at: iso(breaker?.tryAgainAt ?? null) },
    in_flight: circuit?.inFlight ?? 0,
    max_in_flight: config.ragMaxInFlight,
    last_answer_at: iso(statistics?.lastAnswerAt ?? null),
    last_error: statistics?.lastError ? { ...statistics.lastError, at: statistics.lastError.at.toISOString() } : null,
    last_hour: statistics?.lastHour() ?? { calls: 0, failed: 0, skipped: 0, p50_ms: null, p95_ms: null },
    outbox,
    pending_questions,
  }
}
