import type { ConfigRow } from '#server/db/config'
import type { MessageRow } from '#server/db/messages'
import { openRagApiKey } from '#server/services/config/rag-api-key'
import { adapters } from '#server/services/answering/rag/adapters/by-format'
import type { RagRating, RagSettings } from '#server/services/answering/rag/rag-client'

/** Where ratings go and with which key; null: nowhere for now (nothing configured, or the key cannot be read). */
export function ratingSettings(config: ConfigRow): RagSettings | null {
  // The plain format takes ratings without questions as well.
  const url = config.ragApiUrl ?? config.ragFeedbackUrl
  const { status, key } = openRagApiKey(config)
  if (!url || status === 'unreadable') return null
  return { format: config.ragApiFormat, url, key, feedbackUrl: config.ragFeedbackUrl, model: null, systemPrompt: null, timeoutMs: config.ragTimeoutMs, maxInFlight: config.ragMaxInFlight }
}

/** Whether the configured RAG API wants to hear of ratings of this reply: Dify and Flowise only of replies of their own. */
export function takesRatingsOf(config: ConfigRow, message: Pick<MessageRow, 'remoteFormat' | 'remoteMessageId'>): boolean {
  if (config.ragFeedbackUrl) return true
  if (!config.ragApiUrl || config.ragApiFormat === 'openai') return false
  return config.ragApiFormat === 'plain' || (message.remoteFormat === config.ragApiFormat && message.remoteMessageId !== null)
}

/** The request that tells of a rating; null: this format has no place for it. */
export const ratingCall = (rating: RagRating, settings: RagSettings) => adapters[settings.format].rate(rating, settings)
