import { traceparent } from '#server/core/trace'
import type { ConfigRow } from '#server/db/config'
import { openRagApiKey } from '#server/services/config/rag-api-key'
import type { RagSettings } from './rag-client'

/** The settings to ask with; `none`: no RAG API is configured; `key unreadable`: asking without its key would be in vain. */
export function ragSettingsOf(config: ConfigRow): { settings: RagSettings } | { missing: 'none' | 'key unreadable' } {
  if (!config.ragApiUrl) return { missing: 'none' }
  const { status, key } = openRagApiKey(config)
  if (status === 'unreadable') return { missing: 'key unreadable' }
  return {
    settings: {
      format: config.ragApiFormat,
      url: config.ragApiUrl,
      key,
      feedbackUrl: config.ragFeedbackUrl,
      model: config.ragModel,
      systemPrompt: config.ragSystemPrompt,
      timeoutMs: config.ragTimeoutMs,
      maxInFlight: config.ragMaxInFlight,
    },
  }
}

/** What every request to the RAG API carries. */
export function ragHeaders(key: string | null, requestId: string | null): Record<string, string> {
  const caller = traceparent()
  return { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(requestId ? { 'x-request-id': requestId } : {}), ...(caller ? { traceparent: caller } : {}) }
}
