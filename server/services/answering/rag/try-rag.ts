import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { getChatConfig } from '#server/services/config/chat-config'
import { openRagApiKey } from '#server/services/config/rag-api-key'
import type { RagTestResult, TestConfig } from '#shared/contracts/admin'
import { askRag } from './ask-rag'
import type { RagSettings } from './rag-client'

const QUESTION = 'Which documents do you know?'

/**
 * Asks the RAG API once with the settings given, the stored ones where they are left out, past breaker and counts.
 * The stored key goes to the origin it was stored for and to no other: else any admin could read it at an address of
 * their own.
 */
export async function tryRag(actorId: string, given: TestConfig): Promise<RagTestResult> {
  const config = await getChatConfig()
  const url = given.rag_api_url === undefined ? config.ragApiUrl : given.rag_api_url as string | null
  const opened = openRagApiKey(config)
  const storedKeyMayGo = url !== null && config.ragApiUrl !== null && new URL(url).origin === new URL(config.ragApiUrl).origin
  const key = given.rag_api_key === undefined ? (storedKeyMayGo ? opened.key : null) : given.rag_api_key || null
  const keyUsed = key ? 'sent' : given.rag_api_key !== undefined ? 'none' : opened.status === 'unreadable' ? 'unreadable' : opened.status === 'set' ? 'withheld' : 'none'
  if (!url) return skipped('no address is set', keyUsed)
  if (keyUsed === 'unreadable') return skipped('the stored key cannot be decrypted: enter it again', keyUsed)
  const settings: RagSettings = {
    format: given.rag_api_format ?? config.ragApiFormat,
    url,
    key,
    feedbackUrl: null,
    model: given.rag_model === undefined ? config.ragModel : given.rag_model as string | null,
    systemPrompt: given.rag_system_prompt === undefined ? config.ragSystemPrompt : given.rag_system_prompt as string | null,
    timeoutMs: given.rag_timeout_ms ?? config.ragTimeoutMs,
    maxInFlight: 1,
  }
  return ask(actorId, settings, given.question as string | undefined ?? QUESTION, keyUsed)
}

async function ask(actorId: string, settings: RagSettings, text: string, key: RagTestResult['key']): Promise<RagTestResult> {
  const started = performance.now()
  const outcome = await askRag({ conversationId: v7(), messageId: v7(), customerId: actorId, text, history: [], remoteConversationId: null }, settings, { deadlineMs: settings.timeoutMs })
  const duration_ms = Math.round(performance.now() - started)
  const reason = 'reason' in outcome ? outcome.reason : outcome.kind === 'unknown' ? 'it says that it does not know' : null
  log.info({ rag_format: settings.format, outcome: outcome.kind, status: 'status' in outcome ? outcome.status : null, reason: reason ?? undefined, duration_ms }, 'An admin tried the RAG API')
  return {
    ok: outcome.kind === 'answer' || outcome.kind === 'unknown',
    outcome: outcome.kind,
    status: 'status' in outcome ? outcome.status : null,
    duration_ms,
    answer: outcome.kind === 'answer' ? outcome.text : null,
    citations: outcome.kind === 'answer' ? outcome.citations : [],
    reason,
    detail: outcome.kind === 'failed' ? outcome.detail ?? null : null,
    key,
  }
}

const skipped = (reason: string, key: RagTestResult['key']): RagTestResult => ({ ok: false, outcome: 'skipped', status: null, duration_ms: 0, answer: null, citations: [], reason, detail: null, key })
