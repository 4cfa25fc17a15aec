import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { conversations, messages, users } from '#drizzle/schema'
import { db, rowsOf } from './client'
import type { ConversationRow } from './conversations'

export type Handling = ConversationRow['handling']

/** Puts an open conversation into an admin's hands; null where it is closed, gone, or (without `takeOver`) in a colleague's. */
export async function claimConversation(claim: { id: string, agentId: string, takeOver: boolean }): Promise<ConversationRow | null> {
  const [row] = await db().update(conversations).set({ handling: 'person', agentId: claim.agentId, version: sql`${conversations.version} + 1` }).where(and(
    eq(conversations.id, claim.id),
    eq(conversations.status, 'active'),
    claim.takeOver ? undefined : sql`(${conversations.handling} <> 'person' or ${conversations.agentId} is null or ${conversations.agentId} = ${claim.agentId})`,
  )).returning()
  return row ?? null
}

/**
 * Takes the conversation's pending questions from the bot: `left` of them. `busy` ones are just being claimed or their
 * claim prolonged by a statement that holds several questions; waiting for it here could be a deadlock, so the caller
 * gives way and tries again. A reply cannot come in between: it needs the conversation's row, which is ours.
 */
export async function leaveQuestionsToPerson(conversationId: string): Promise<{ left: number, busy: number }> {
  const rows = await rowsOf<{ id: string }>(sql`
    update messages set reply_state = 'person', reply_claimed_until = null, reply_claimed_by = null
    where id in (select id from messages where conversation_id = ${conversationId}::uuid and reply_state = 'pending' for update skip locked) returning id`)
  const busy = await db().$count(messages, and(eq(messages.conversationId, conversationId), eq(messages.replyState, 'pending')))
  if (rows.length) await db().update(conversations).set({ waitingSince: sql`now()` }).where(and(eq(conversations.id, conversationId), isNull(conversations.waitingSince)))
  return { left: rows.length, busy }
}

/** Gives the conversation back to the bot; null: it has it already. */
export async function handBackConversation(id: string): Promise<ConversationRow | null> {
  const [row] = await db().update(conversations)
    .set({ handling: 'bot', agentId: null, waitingSince: null, handoverQuestionId: null, version: sql`${conversations.version} + 1` })
    .where(and(eq(conversations.id, id), ne(conversations.handling, 'bot'))).returning()
  return row ?? null
}

export interface AgentMessage { id: string, conversationId: string, agentId: string, text: string, clientMessageId: string | null }

/**
 * Stores what an admin says as a person, in one statement that holds the conversation's row, so that `seq` has no gaps.
 * null: the conversation is not open in this admin's hands. A repeated client id is a unique violation and changes nothing.
 */
export async function insertAgentMessage(message: AgentMessage): Promise<{ seq: number, createdAt: Date } | null> {
  const rows = await rowsOf<{ seq: number, at: number }>(sql`
    with conversation as (
      update conversations set last_seq = last_seq + 1, version = version + 1, last_message_at = now(), waiting_since = null
      where id = ${message.conversationId}::uuid and status = 'active' and handling = 'person' and agent_id = ${message.agentId}::uuid returning id, customer_id, last_seq as seq
    )
    insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, client_message_id, agent_id)
    select ${message.id}::uuid, id, customer_id, seq, 'agent', ${message.text}, now(), ${message.clientMessageId}::uuid, ${message.agentId}::uuid from conversation returning seq, (extract(epoch from created_at) * 1000)::float8 as at`)
  return rows[0] ? { seq: rows[0].seq, createdAt: new Date(rows[0].at) } : null
}

const agent = alias(users, 'agent')
const handoverQuestion = alias(messages, 'handover_question')

export async function findHandling(id: string) {
  const [row] = await db().select({ conversation: conversations, agent: { id: agent.id, name: agent.name }, question: handoverQuestion.text }).from(conversations)
    .leftJoin(agent, eq(agent.id, conversations.agentId)).leftJoin(handoverQuestion, eq(handoverQuestion.id, conversations.handoverQuestionId))
    .where(eq(conversations.id, id))
  return row ?? null
}

/** Conversations that are not the bot's alone, who waits longest first, then those where the person spoke last (conversations_handling_idx). */
export async function listHandled(limit: number) {
  return db().select({
    conversation: conversations,
    customer: { id: users.id, name: users.name, email: users.email },
    agent: { id: agent.id, name: agent.name },
    question: handoverQuestion.text,
    last: sql<string | null>`(select left(m.text, 300) from messages m where m.conversation_id = ${conversations.id} and m.sender = 'customer' order by m.seq desc limit 1)`,
  }).from(conversations)
    .innerJoin(users, eq(users.id, conversations.customerId))
    .leftJoin(agent, eq(agent.id, conversations.agentId))
    .leftJoin(handoverQuestion, eq(handoverQuestion.id, conversations.handoverQuestionId))
    .where(ne(conversations.handling, 'bot'))
    .orderBy(sql`${conversations.waitingSince} asc nulls last`, conversations.id).limit(limit)
}

/** How many customers wait for a person's word. */
export async function countWaiting(): Promise<number> {
  return db().$count(conversations, and(ne(conversations.handling, 'bot'), sql`${conversations.waitingSince} is not null`))
}
