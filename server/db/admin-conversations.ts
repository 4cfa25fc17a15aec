import { and, asc, desc, eq, gt, gte, inArray, isNotNull, like, lte, or, sql, type SQL } from 'drizzle-orm'
import { conversations, faqs, feedback, messages, users } from '#drizzle/schema'
import type { ConversationStatus } from '#shared/contracts/chat'
import { db } from './client'

export interface ConversationFilter {
  status?: ConversationStatus
  from?: Date
  to?: Date
  customerIds?: string[]
}
export interface RecentPosition { at: Date, id: string }

const customer = { id: users.id, name: users.name, email: users.email }
/** Through messages_conversation_seq_unique: the question a conversation began with. */
const firstQuestion = sql<string | null>`(select left(m.text, 300) from messages m where m.conversation_id = ${conversations.id} and m.seq <= 3 and m.sender = 'customer' order by m.seq limit 1)`
const shown = { conversation: conversations, customer, firstQuestion }

/** Everybody's conversations that have a message, the one with the newest message first (conversations_recent_idx). */
export async function listRecentConversations({ after, limit, ...filter }: ConversationFilter & { after: RecentPosition | null, limit: number }) {
  return db().select(shown).from(conversations).innerJoin(users, eq(users.id, conversations.customerId)).where(and(
    isNotNull(conversations.lastMessageAt),
    filter.status && eq(conversations.status, filter.status),
    filter.from && gte(conversations.lastMessageAt, filter.from),
    filter.to && lte(conversations.lastMessageAt, filter.to),
    filter.customerIds && inArray(conversations.customerId, filter.customerIds),
    after ? olderThan(after) : undefined,
  )).orderBy(desc(conversations.lastMessageAt), desc(conversations.id)).limit(limit)
}

const olderThan = ({ at, id }: RecentPosition): SQL => sql`(${conversations.lastMessageAt}, ${conversations.id}) < (${at.toISOString()}::timestamptz, ${id}::uuid)`

export async function findAnyConversation(id: string) {
  return (await db().select(shown).from(conversations).innerJoin(users, eq(users.id, conversations.customerId)).where(eq(conversations.id, id)))[0] ?? null
}

/** Messages of any conversation with their rating and the FAQ behind them. */
export async function listAnyMessages(conversationId: string, after: number, limit: number) {
  return db().select({ message: messages, feedback, faqQuestion: faqs.question }).from(messages)
    .leftJoin(feedback, and(eq(feedback.messageId, messages.id), isNotNull(feedback.value)))
    .leftJoin(faqs, eq(faqs.id, messages.faqId))
    .where(and(eq(messages.conversationId, conversationId), gt(messages.seq, after)))
    .orderBy(asc(messages.seq)).limit(limit)
}

/** Customers whose e-mail address or name begins like this, at most `limit` (users_email_prefix_idx, users_name_prefix_idx). */
export async function findCustomerIds(beginning: string, limit: number): Promise<string[]> {
  const pattern = `${beginning.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await db().select({ id: users.id }).from(users).where(or(like(sql`lower(${users.email})`, pattern), like(sql`lower(${users.name})`, pattern))).limit(limit)
  return rows.map(row => row.id)
}
