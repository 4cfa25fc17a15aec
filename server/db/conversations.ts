import { and, desc, eq, sql } from 'drizzle-orm'
import { conversations } from '#drizzle/schema'
import type { ConversationStatus } from '#shared/contracts/chat'
import { changing, conversationsOf } from './changes'
import { db, rowsOfPrepared } from './client'

export type ConversationRow = typeof conversations.$inferSelect

/** The conversation *of this customer*; somebody else's is null like one that does not exist. */
export async function findConversation(customerId: string, id: string): Promise<ConversationRow | null> {
  return (await db().select().from(conversations).where(and(eq(conversations.id, id), eq(conversations.customerId, customerId))))[0] ?? null
}

export async function findActiveConversation(customerId: string): Promise<ConversationRow | null> {
  return (await db().select().from(conversations).where(and(eq(conversations.customerId, customerId), eq(conversations.status, 'active'))))[0] ?? null
}

/** Newest first; UUID v7 keys order by time. */
export async function listConversations(customerId: string, status: ConversationStatus, limit: number): Promise<ConversationRow[]> {
  return db().select().from(conversations).where(and(eq(conversations.customerId, customerId), eq(conversations.status, status))).orderBy(desc(conversations.id)).limit(limit)
}

/** Makes the customer's active conversation where there is none; of several calls at once one makes it. */
export async function ensureActiveConversation(customerId: string): Promise<void> {
  await db().insert(conversations).values({ customerId }).onConflictDoNothing()
}

export interface ConversationPulse {
  version: number
  status: ConversationStatus
  /** A question waits here for its reply. */
  pending: boolean
  /** One of those that no server is working on. */
  abandoned: boolean
  handling: ConversationRow['handling']
}

/** What an idle poll needs, in one look-up by primary key (and in the small index of pending questions). */
export async function readPulse(customerId: string, id: string): Promise<ConversationPulse | null> {
  const rows = await rowsOfPrepared<ConversationPulse>(sql`
    select c.version, c.status, c.handling, waiting.pending, waiting.abandoned
    from conversations c, lateral (
      select count(*) > 0 as pending, coalesce(bool_or(m.reply_claimed_until is null or m.reply_claimed_until < now()), false) as abandoned
      from messages m where m.conversation_id = c.id and m.reply_state = 'pending') waiting
    where c.id = ${id} and c.customer_id = ${customerId}`)
  return rows[0] ?? null
}

/** Closes the customer's conversation; one that is closed stays as it is. null: not theirs. */
export async function closeConversation(customerId: string, id: string, now: Date): Promise<ConversationRow | null> {
  const [closed] = await changing(conversationsOf(customerId), () => db().update(conversations)
    .set({ status: 'closed', endedAt: now, handling: 'bot', waitingSince: null, agentId: null, version: sql`${conversations.version} + 1` })
    .where(and(eq(conversations.id, id), eq(conversations.customerId, customerId), eq(conversations.status, 'active'))).returning())
  return closed ?? findConversation(customerId, id)
}

/** Says that something in the customer's conversation changed that a poll shows. */
export async function touchConversation(customerId: string, id: string): Promise<void> {
  await changing(conversationsOf(customerId), () => db().update(conversations).set({ version: sql`${conversations.version} + 1` }).where(eq(conversations.id, id)))
}
