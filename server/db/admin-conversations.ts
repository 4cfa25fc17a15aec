import { and, asc, desc, eq, gt, gte, inArray, isNotNull, like, lte, or, sql, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { conversations, faqs, feedback, messages, users } from '#drizzle/schema'
import type { ConversationStatus, FeedbackValue, ReplySource } from '#shared/contracts/chat'
import { db } from './client'

export interface ConversationFilter {
  status?: ConversationStatus
  customerIds?: string[]
  /** With a reply made like this; `suggestion`: one that offered FAQs. */
  source?: ReplySource | 'suggestion'
  /** With a reply rated like this. */
  feedback?: FeedbackValue
}
export interface RecentPosition { at: Date, id: string }

/**
 * The filters that hold of a conversation, whatever the order of the list. `exists`, so that the planner may go from the
 * list to the messages (messages_conversation_seq_unique), or from the few messages or ratings there are to the list
 * (messages_source_idx, feedback_value_recent_idx).
 */
export function conversationFilter({ status, customerIds, source, feedback: value }: ConversationFilter): SQL | undefined {
  return and(
    status && eq(conversations.status, status),
    customerIds && inArray(conversations.customerId, customerIds),
    source && sql`exists (select 1 from messages r where r.conversation_id = ${conversations.id} and ${madeLike(source)})`,
    value && sql`exists (select 1 from feedback f join messages r on r.id = f.message_id where r.conversation_id = ${conversations.id} and f.value = ${value})`,
  )
}

/** Plain comparisons: of a function's result the planner knows nothing, and takes the way that suits a rare one. */
function madeLike(source: ReplySource | 'suggestion'): SQL {
  if (source === 'suggestion') return sql`r.source = 'faq' and r.suggestions <> '[]'`
  if (source === 'faq') return sql`r.source = 'faq' and (r.suggestions is null or r.suggestions = '[]')`
  return sql`r.source = ${source}`
}

const customer = { id: users.id, name: users.name, email: users.email }
/** Through messages_conversation_seq_unique: the question a conversation began with. */
const firstQuestion = sql<string | null>`(select left(m.text, 300) from messages m where m.conversation_id = ${conversations.id} and m.seq <= 3 and m.sender = 'customer' order by m.seq limit 1)`
export const shown = { conversation: conversations, customer, firstQuestion }

/** Everybody's conversations that have a message, the one with the newest message first (conversations_recent_idx). */
export async function listRecentConversations({ after, limit, from, to, ...filter }: ConversationFilter & { after: RecentPosition | null, limit: number, from?: Date, to?: Date }) {
  return db().select(shown).from(conversations).innerJoin(users, eq(users.id, conversations.customerId)).where(and(
    isNotNull(conversations.lastMessageAt),
    from && gte(conversations.lastMessageAt, from),
    to && lte(conversations.lastMessageAt, to),
    conversationFilter(filter),
    after ? olderThan(after) : undefined,
  )).orderBy(desc(conversations.lastMessageAt), desc(conversations.id)).limit(limit)
}

const olderThan = ({ at, id }: RecentPosition): SQL => sql`(${conversations.lastMessageAt}, ${conversations.id}) < (${at.toISOString()}::timestamptz, ${id}::uuid)`

export async function findAnyConversation(id: string) {
  return (await db().select(shown).from(conversations).innerJoin(users, eq(users.id, conversations.customerId)).where(eq(conversations.id, id)))[0] ?? null
}

/** Messages of any conversation with their rating, the FAQ behind them and when their question was asked. */
export async function listAnyMessages(conversationId: string, after: number, limit: number) {
  const question = alias(messages, 'question')
  return db().select({ message: messages, feedback, faqQuestion: faqs.question, askedAt: question.createdAt, agentName: users.name }).from(messages)
    .leftJoin(question, eq(question.id, messages.replyTo))
    .leftJoin(feedback, and(eq(feedback.messageId, messages.id), isNotNull(feedback.value)))
    .leftJoin(faqs, eq(faqs.id, messages.faqId))
    .leftJoin(users, eq(users.id, messages.agentId))
    .where(and(eq(messages.conversationId, conversationId), gt(messages.seq, after)))
    .orderBy(asc(messages.seq)).limit(limit)
}

/** Customers whose e-mail address or name begins like this, at most `limit` (users_email_prefix_idx, users_name_prefix_idx). */
export async function findCustomerIds(beginning: string, limit: number): Promise<string[]> {
  const pattern = `${beginning.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await db().select({ id: users.id }).from(users).where(or(like(sql`lower(${users.email})`, pattern), like(sql`lower(${users.name})`, pattern))).limit(limit)
  return rows.map(row => row.id)
}
