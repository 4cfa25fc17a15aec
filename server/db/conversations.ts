import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import { conversations } from '#drizzle/schema'
import type { ConversationStatus } from '#shared/contracts/chat'
import { changing, conversationsOf } from './changes'
import { db, rowsOfPrepared } from './client'
import { Gathering } from './gathering'

export type ConversationRow = typeof conversations.$inferSelect

/** The conversation *of this customer*; somebody else's is null like one that does not exist. */
export async function findConversation(customerId: string, id: string): Promise<ConversationRow | null> {
  return (await db().select().from(conversations).where(and(eq(conversations.id, id), eq(conversations.customerId, customerId))))[0] ?? null
}

export async function findActiveConversation(customerId: string): Promise<ConversationRow | null> {
  return (await db().select().from(conversations).where(and(eq(conversations.customerId, customerId), eq(conversations.status, 'active'))))[0] ?? null
}

/** Newest first. */
export async function listConversations(customerId: string, status: ConversationStatus, limit: number): Promise<ConversationRow[]> {
  return db().select().from(conversations).where(and(eq(conversations.customerId, customerId), eq(conversations.status, status))).orderBy(desc(conversations.startedAt), desc(conversations.id)).limit(limit)
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

const pulseOf = (customerId: SQL, id: SQL) => sql`
    select c.version, c.status, c.handling, waiting.pending, waiting.abandoned
    from conversations c, lateral (
      select count(*) > 0 as pending, coalesce(bool_or(m.reply_claimed_until is null or m.reply_claimed_until < now()), false) as abandoned
      from messages m where m.conversation_id = c.id and m.reply_state = 'pending') waiting
    where c.id = ${id} and c.customer_id = ${customerId}`

const pulses = new Gathering<{ customerId: string, id: string }, ConversationPulse>(
  async ({ customerId, id }) => (await rowsOfPrepared<ConversationPulse>(pulseOf(sql`${customerId}::uuid`, sql`${id}::uuid`)))[0] ?? null,
  async (asked) => {
    const rows = await rowsOfPrepared<ConversationPulse & { n: number }>(sql`
      select asked.n::int as n, pulse.* from unnest(string_to_array(${asked.map(({ customerId }) => customerId).join(',')}, ',')::uuid[], string_to_array(${asked.map(({ id }) => id).join(',')}, ',')::uuid[]) with ordinality as asked(customer_id, id, n),
        lateral (${pulseOf(sql`asked.customer_id`, sql`asked.id`)} limit 1) pulse`)
    const found = new Map(rows.map(({ n, ...pulse }) => [n, pulse]))
    return asked.map((_, index) => found.get(index + 1) ?? null)
  },
)

/** What an idle poll needs, in one look-up by primary key (and in the small index of pending questions). null: there is none of theirs. */
export const readPulse = (customerId: string, id: string): Promise<ConversationPulse | null> => pulses.find({ customerId, id })

/** Closes the customer's conversation; one that is closed stays as it is. null: not theirs. */
export async function closeConversation(customerId: string, id: string): Promise<ConversationRow | null> {
  const [closed] = await changing(conversationsOf(customerId), () => db().update(conversations)
    .set({ status: 'closed', endedAt: sql`now()`, handling: 'bot', waitingSince: null, agentId: null, version: sql`${conversations.version} + 1` })
    .where(and(eq(conversations.id, id), eq(conversations.customerId, customerId), eq(conversations.status, 'active'))).returning())
  return closed ?? findConversation(customerId, id)
}

/** Says that something in the customer's conversation changed that a poll shows. */
export async function touchConversation(customerId: string, id: string): Promise<void> {
  await changing(conversationsOf(customerId), () => db().update(conversations).set({ version: sql`${conversations.version} + 1` }).where(eq(conversations.id, id)))
}
