import { notFound } from '#server/core/app-error'
import { findAnyConversation, listAnyMessages, listRecentConversations, type ConversationFilter } from '#server/db/admin-conversations'
import { searchConversations, type MatchedMessage } from '#server/db/admin-search'
import { findHandling } from '#server/db/handover'
import { onReplica } from '#server/db/replica'
import { chatMessage } from '#server/services/conversations/message-views'
import { handlingState } from '#server/services/handover/handover'
import type { AdminConversation, AdminConversationDetail, AdminConversationPage, AdminMessage } from '#shared/contracts/admin-records'
import { readRecentCursor, writeRecentCursor } from './cursors'
import { findPeopleIds } from './people-filter'

interface Filter extends Omit<ConversationFilter, 'customerIds'> { limit: number, cursor?: string, q?: string, customer?: string, from?: Date, to?: Date }
type Shown = NonNullable<Awaited<ReturnType<typeof findAnyConversation>>> & { match?: MatchedMessage }

function adminConversation({ conversation, customer, firstQuestion, match }: Shown): AdminConversation {
  return {
    id: conversation.id,
    status: conversation.status,
    started_at: conversation.startedAt.toISOString(),
    ended_at: conversation.endedAt?.toISOString() ?? null,
    message_count: conversation.lastSeq,
    last_message_at: (conversation.lastMessageAt ?? conversation.startedAt).toISOString(),
    customer,
    first_question: firstQuestion,
    handling: conversation.handling,
    waiting_since: conversation.waitingSince?.toISOString() ?? null,
    ...(match ? { match } : {}),
  }
}

/**
 * Everybody's conversations, the one that was written in last first; with `q` those with a message that has its words,
 * the one with the newest such message first. Throws VALIDATION_ERROR for a cursor that is not ours.
 */
export const browseConversations = (filter: Filter): Promise<AdminConversationPage> => onReplica(() => listConversations(filter))

async function listConversations({ cursor, limit, customer, q, ...filter }: Filter): Promise<AdminConversationPage> {
  const after = readRecentCursor(cursor)
  const customerIds = await findPeopleIds(customer)
  if (customerIds?.length === 0) return { items: [], next_cursor: null }
  const page = { after, limit: limit + 1, customerIds, ...filter }
  const rows = q
    ? await searchConversations({ q, ...page })
    : (await listRecentConversations(page)).map(row => ({ ...row, at: row.conversation.lastMessageAt! }))
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(adminConversation), next_cursor: rows.length > limit && last ? writeRecentCursor({ at: last.at, id: last.conversation.id }) : null }
}

/** One conversation with what its customer does not see. Throws NOT_FOUND. */
export async function readAnyConversation(id: string, { after, limit }: { after: number, limit: number }): Promise<AdminConversationDetail> {
  const [found, handled] = await Promise.all([findAnyConversation(id), findHandling(id)])
  if (!found || !handled) throw notFound('conversation')
  const rows = await listAnyMessages(id, after, limit + 1)
  const messages = rows.slice(0, limit).map(({ message, feedback, faqQuestion, askedAt, agentName }): AdminMessage => ({
    ...chatMessage({ ...message, feedback: feedback?.value ? { id: feedback.id, value: feedback.value, comment: feedback.comment } : null }),
    ...(message.score === null ? {} : { score: message.score }),
    ...(faqQuestion ? { faq_question: faqQuestion } : {}),
    ...(message.page ? { page: message.page } : {}),
    ...(message.sender === 'agent' && agentName ? { agent_name: agentName } : {}),
    ...(askedAt ? { reply_ms: Math.max(0, message.createdAt.getTime() - askedAt.getTime()) } : {}),
  }))
  return { ...adminConversation(found), ...handlingState(handled), messages, next_after: rows.length > limit ? messages.at(-1)!.seq : null }
}
