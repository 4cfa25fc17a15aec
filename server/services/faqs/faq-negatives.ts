import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { isForeignKeyViolation } from '#server/db/errors'
import { findMessageById, type MessageRow } from '#server/db/messages'
import { deleteNegative, deleteNegativeOfFeedback, insertNegative, listNegativePage, listNewestNegatives } from '#server/db/negatives'
import { bumpRevision } from '#server/db/revisions'
import { forgetRevisions, watchedValue } from '#server/services/revision-watch'
import type { FaqNegative, Page } from '#shared/contracts/admin'

/** Older ones no longer count: each costs every question a comparison. */
const IN_FORCE = 500

/** The pairs of question and FAQ that do not belong together, at most a few seconds old. */
export const getNegatives = watchedValue('negatives', () => listNewestNegatives(IN_FORCE))

/**
 * What a rating teaches: thumbs down on a FAQ's answer says that this FAQ does not answer that question; changed or
 * taken back, it says so no more. Call it in the transaction that stores the rating.
 */
export async function learnFromRating(reply: MessageRow, rating: { feedbackId: string, value: 'up' | 'down' | null }): Promise<boolean> {
  if (reply.source !== 'faq' || !reply.faqId || !reply.replyTo) return false
  const changed = rating.value === 'down' ? await learn(reply, rating.feedbackId) : await deleteNegativeOfFeedback(rating.feedbackId)
  if (changed) await bumpRevision('negatives')
  return changed
}

async function learn(reply: MessageRow, feedbackId: string): Promise<boolean> {
  const question = await findMessageById(reply.replyTo!)
  // Who picked the FAQ from the list was not misunderstood; they dislike the answer itself.
  if (!question || question.faqId === reply.faqId) return false
  return await insertNegative({ faqId: reply.faqId!, question: question.text, feedbackId, createdBy: null }) !== null
}

/** Newest first. */
export async function listFaqNegatives(page: { limit: number, cursor?: string }): Promise<Page<FaqNegative>> {
  if (page.cursor && !/^[0-9a-f-]{36}$/.test(page.cursor)) throw new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the page before.' }] })
  const rows = await listNegativePage({ before: page.cursor ?? null, limit: page.limit + 1 })
  const items = rows.slice(0, page.limit)
  return {
    items: items.map(row => ({ id: row.id, faq_id: row.faqId, faq_question: row.faqQuestion, question: row.question, source: row.feedbackId ? 'feedback' : 'admin', created_at: row.createdAt.toISOString() })),
    next_cursor: rows.length > page.limit ? items.at(-1)!.id : null,
  }
}

/** An admin says that a FAQ does not answer a question. Throws NOT_FOUND for an unknown FAQ. */
export async function addNegative(actorId: string, pair: { faqId: string, question: string }): Promise<{ id: string }> {
  const row = await inTransaction(async () => {
    const added = await insertNegative({ ...pair, feedbackId: null, createdBy: actorId })
    await bumpRevision('negatives')
    await insertAuditEntry({ actorId, action: 'create', entity: 'faq_negative', entityId: added!.id, before: null, after: { faq_id: pair.faqId }, requestId: requestId() })
    return added!
  }).catch((error) => {
    throw isForeignKeyViolation(error) ? notFound('FAQ') : error
  })
  forgetRevisions()
  return { id: row.id }
}

/** Takes a learned pair back. Throws NOT_FOUND. */
export async function removeNegative(actorId: string, id: string): Promise<void> {
  await inTransaction(async () => {
    const removed = await deleteNegative(id)
    if (!removed) throw notFound('learned pair')
    await bumpRevision('negatives')
    await insertAuditEntry({ actorId, action: 'delete', entity: 'faq_negative', entityId: id, before: { faq_id: removed.faqId }, after: null, requestId: requestId() })
  })
  forgetRevisions()
}
