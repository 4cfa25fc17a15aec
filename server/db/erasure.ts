import { eq, sql } from 'drizzle-orm'
import { users } from '#drizzle/schema'
import { accountOf, changing, conversationsOf } from './changes'
import { db, rowsOf } from './client'
import { deleteNegativesOfFeedback } from './negatives'

/*
 * Deleting for good: conversations with all that was written in them, and accounts. Ratings stay as what they are worth
 * without the person: the value, the day, and which FAQ or source it was about.
 */

/** Locks a customer's conversations, then the account, so that nothing is written to either meanwhile; false: no such account. */
export async function lockAccount(userId: string): Promise<boolean> {
  await rowsOf(sql`select id from conversations where customer_id = ${userId}::uuid order by id for update`)
  return (await db().select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')).length > 0
}

/** All of a customer's conversations. */
export async function listConversationIds(customerId: string): Promise<string[]> {
  return (await rowsOf<{ id: string }>(sql`select id from conversations where customer_id = ${customerId}::uuid order by id`)).map(row => row.id)
}

/** Up to `limit` conversations whose newest message is older than `before`, the oldest first, locked; those somebody writes to just now are left for later. */
export async function takeOldConversations(before: Date, limit: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(sql`
    select id from conversations where last_message_at < ${before.toISOString()}::timestamptz
    order by last_message_at, id limit ${limit}::int for update skip locked`)
  return rows.map(row => row.id)
}

/** How much is older than `before`: conversations by their newest message, with all of their messages. */
export async function countOldConversations(before: Date): Promise<{ conversations: number, messages: number, oldest: Date | null }> {
  const [row] = await rowsOf<{ conversations: number, messages: number, oldest: string | Date | null }>(sql`
    select count(*)::int as conversations, coalesce(sum(last_seq), 0)::int as messages, min(last_message_at) as oldest
    from conversations where last_message_at < ${before.toISOString()}::timestamptz`)
  return { ...row!, oldest: row!.oldest ? new Date(row!.oldest) : null }
}

/** The groups of unanswered questions that hold questions of these conversations. */
export async function listGroupsOfConversations(ids: string[]): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(sql`
    select distinct u.group_id as id from unanswered_questions u join messages m on m.id = u.message_id
    where m.conversation_id in ${ids} and u.group_id is not null`)
  return rows.map(row => row.id)
}

export interface Erased { conversations: number, messages: number, ratings: number, negatives: number }

/**
 * Deletes conversations with their messages; their ratings stay without person, words and conversation, and what the
 * matcher learned from them goes, because it quotes the customer. Deliveries of those ratings go as well: they name both.
 * Call it in a transaction.
 */
export async function eraseConversations(ids: string[]): Promise<Erased> {
  if (!ids.length) return { conversations: 0, messages: 0, ratings: 0, negatives: 0 }
  const ratings = await rowsOf<{ id: string }>(sql`
    select f.id from feedback f join messages m on m.id = f.message_id where m.conversation_id in ${ids}`)
  const feedbackIds = ratings.map(row => row.id)
  const negatives = await deleteNegativesOfFeedback(feedbackIds)
  if (feedbackIds.length) {
    await rowsOf(sql`delete from feedback_deliveries where feedback_id in ${feedbackIds}`)
    // One that was taken back says nothing: it goes with its message.
    await rowsOf(sql`
      update feedback f set faq_id = m.faq_id, source = m.source, comment = null, message_id = null, customer_id = null
      from messages m where m.id = f.message_id and f.id in ${feedbackIds} and f.value is not null`)
  }
  const owners = await rowsOf<{ id: string }>(sql`select distinct customer_id as id from conversations where id in ${ids}`)
  const remove = () => rowsOf<{ messages: number }>(sql`delete from conversations where id in ${ids} returning last_seq as messages`)
  const deleted = await owners.reduce((run, { id }) => () => changing(conversationsOf(id), run), remove)()
  return { conversations: deleted.length, messages: deleted.reduce((so, row) => so + row.messages, 0), ratings: feedbackIds.length, negatives }
}

/** Takes name and address out of what the audit log says of an account, then deletes it; sessions, plan and the rest go by cascade. */
export async function deleteUser(userId: string): Promise<boolean> {
  await rowsOf(sql`
    update audit_log set before = case when jsonb_typeof(before) = 'object' then before - '{email,name}'::text[] end, after = case when jsonb_typeof(after) = 'object' then after - '{email,name}'::text[] end
    where entity = 'user' and entity_id = ${userId}`)
  return (await changing(accountOf(userId), () => db().delete(users).where(eq(users.id, userId)).returning({ id: users.id }))).length > 0
}
