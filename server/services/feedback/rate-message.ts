import { AppError, notFound } from '#server/core/app-error'
import { inTransaction } from '#server/db/client'
import { touchConversation } from '#server/db/conversations'
import { queueDelivery } from '#server/db/deliveries'
import { findFeedback, upsertFeedback } from '#server/db/feedback'
import { findMessage } from '#server/db/messages'
import { runInBackground } from '#server/services/background'
import { getChatConfig } from '#server/services/config/chat-config'
import { learnFromRating } from '#server/services/faqs/faq-negatives'
import { deliverDue } from '#server/services/outbox/deliver-feedback'
import { takesRatingsOf } from '#server/services/outbox/destination'
import { forgetRevisions } from '#server/services/revision-watch'
import { noteRating } from '#server/services/unanswered/note-rating'
import type { FeedbackResult, FeedbackValue } from '#shared/contracts/chat'

export interface Rating { customerId: string, messageId: string, value: FeedbackValue | null, comment: string | null }

/**
 * Stores, changes or (null) takes back a customer's rating of a bot's reply, and queues it for the RAG API in the same
 * transaction. Throws NOT_FOUND and VALIDATION_ERROR (not a bot's reply).
 */
export async function rateMessage(rating: Rating): Promise<FeedbackResult> {
  const config = await getChatConfig()
  let queued = false
  let learned = false
  const result = await inTransaction(async (): Promise<FeedbackResult> => {
    const message = await findMessage(rating.customerId, rating.messageId)
    if (!message) throw notFound('message')
    if (message.sender !== 'bot') {
      throw new AppError('VALIDATION_ERROR', 'Only replies of the bot can be rated.', { details: [{ path: 'message_id', message: 'Send the id of a bot’s reply.' }] })
    }
    if (rating.value === null && !await findFeedback(message.id, rating.customerId)) return { success: true, feedback_id: null }
    const comment = rating.value === null ? null : rating.comment
    const saved = await upsertFeedback({ messageId: message.id, customerId: rating.customerId, value: rating.value, comment })
    if (saved) {
      await touchConversation(rating.customerId, message.conversationId)
      learned = await learnFromRating(message, { feedbackId: saved.id, value: saved.value })
      await noteRating(message, saved.value)
      if (takesRatingsOf(config, message)) {
        queued = true
        await queueDelivery({
          feedbackId: saved.id,
          version: saved.version,
          payload: {
            feedback_id: saved.id,
            message_id: message.id,
            conversation_id: message.conversationId,
            customer_id: rating.customerId,
            value: saved.value,
            comment: saved.comment,
            timestamp: saved.updatedAt.toISOString(),
          },
        })
      }
    }
    return { success: true, feedback_id: rating.value === null ? null : (saved ?? await findFeedback(message.id, rating.customerId))!.id }
  })
  if (learned) forgetRevisions()
  if (queued) runInBackground('delivering feedback', deliverDue)
  return result
}
