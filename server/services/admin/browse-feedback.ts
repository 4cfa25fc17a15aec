import { listRecentFeedback, type FeedbackFilter } from '#server/db/admin-feedback'
import { onReplica } from '#server/db/replica'
import { writeRecord } from '#server/services/faqs/csv'
import type { AdminFeedback, AdminFeedbackPage } from '#shared/contracts/admin-records'
import { readRecentCursor, writeRecentCursor, type RecentCursor } from './cursors'

const CHUNK = 1000
type Row = Awaited<ReturnType<typeof listRecentFeedback>>[number]

function adminFeedback({ feedback, customer, reply, question }: Row): AdminFeedback {
  return {
    id: feedback.id,
    value: feedback.value!,
    comment: feedback.comment,
    timestamp: feedback.updatedAt.toISOString(),
    customer,
    conversation_id: reply?.conversationId ?? null,
    message_id: feedback.messageId,
    question,
    reply: reply?.text ?? null,
    source: reply?.source ?? feedback.source,
    faq_id: reply?.faqId ?? feedback.faqId,
  }
}

/** Ratings that stand, the newest first. Throws VALIDATION_ERROR for a cursor that is not ours. */
export async function browseFeedback({ cursor, limit, ...filter }: FeedbackFilter & { limit: number, cursor?: string }): Promise<AdminFeedbackPage> {
  const rows = await onReplica(() => listRecentFeedback({ after: readRecentCursor(cursor), limit: limit + 1, ...filter }))
  const items = rows.slice(0, limit)
  const last = items.at(-1)?.feedback
  return { items: items.map(adminFeedback), next_cursor: rows.length > limit && last ? writeRecentCursor({ at: last.updatedAt, id: last.id }) : null }
}

const columns = ['timestamp', 'value', 'comment', 'question', 'reply', 'source', 'customer_name', 'customer_email', 'conversation_id', 'message_id', 'faq_id', 'id'] as const

function csvOf(item: AdminFeedback): string {
  const cells: Record<typeof columns[number], string | null> = { ...item, customer_name: item.customer?.name ?? null, customer_email: item.customer?.email ?? null }
  return writeRecord(columns.map(column => cells[column] ?? ''))
}

/** The same as a file, a piece at a time, so that a million of them take no more memory than a thousand. */
export async function* exportFeedback(filter: FeedbackFilter, format: 'csv' | 'json'): AsyncGenerator<string> {
  yield format === 'csv' ? `\uFEFF${writeRecord(columns)}` : '['
  let after: RecentCursor | null = null
  for (;;) {
    const position: RecentCursor | null = after
    const rows: Row[] = await onReplica(() => listRecentFeedback({ after: position, limit: CHUNK, ...filter }))
    const items = rows.map(adminFeedback)
    if (items.length) yield format === 'csv' ? items.map(csvOf).join('') : (after ? ',\n' : '\n') + items.map(item => JSON.stringify(item)).join(',\n')
    if (rows.length < CHUNK) break
    const { feedback } = rows.at(-1)!
    after = { at: feedback.updatedAt, id: feedback.id }
  }
  if (format === 'json') yield '\n]\n'
}
