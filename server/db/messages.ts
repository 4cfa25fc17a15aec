import { and, asc, desc, eq, inArray, isNotNull, lt, sql, type SQL } from 'drizzle-orm'
import { v7 } from 'uuid'
import { feedback, messages } from '#drizzle/schema'
import type { RagApiFormat } from '#shared/contracts/admin'
import type { Citation, ReplySource, Suggestion } from '#shared/contracts/chat'
import { changing, conversationsOf } from './changes'
import { db, rowsOf, rowsOfPrepared } from './client'

export type MessageRow = typeof messages.$inferSelect
export interface Rating { id: string, value: 'up' | 'down', comment: string | null }
export type MessageWithFeedback = MessageRow & { feedback: Rating | null }
/** What a customer is shown of a message. */
export type ShownMessage = Pick<MessageWithFeedback, 'id' | 'sender' | 'text' | 'createdAt' | 'seq' | 'clientMessageId' | 'page' | 'replyTo' | 'source' | 'faqId' | 'suggestions' | 'citations' | 'replyState' | 'feedback'>

/** The name of the index that makes a repeated send harmless. */
export const CLIENT_ID_INDEX = 'messages_client_id_unique'

/** How long a customer may look at suggestions before they count as not taken. */
export const SUGGESTION_PATIENCE_MS = 10 * 60_000

export interface NewQuestion {
  id: string
  customerId: string
  /** null: the customer's active conversation, and a new one where there is none. */
  conversationId: string | null
  text: string
  /** Left out: now, by the database's clock. */
  createdAt?: Date
  clientMessageId: string | null
  page: string | null
  faqId: string | null
}

export interface NewReply {
  id: string
  text: string
  /** Left out: now, by the database's clock. */
  createdAt?: Date
  source: ReplySource
  faqId: string | null
  score: number | null
  suggestions: Suggestion[]
  citations: Citation[]
  /** Of a reply of the RAG API: what that calls the conversation and the message. */
  remote?: { format: RagApiFormat, conversationId: string | null, messageId: string | null } | null
  /** It says that a person has been told: from now on the conversation waits for one. */
  asksForPerson?: boolean
}

/** A stored question. `leftToPerson`: a person answers here, so no reply is stored or awaited. */
export interface StoredPlace { conversationId: string, seq: number, createdAt: Date, abandoned: boolean, leftToPerson: boolean }

/** The server that makes the reply, and for how long it holds the question without saying more. */
export interface ReplyClaim { by: string, leaseMs: number }

/** With milliseconds, as times are stored, so that what is said of a new message is what will be read of it. */
const time = (date: Date | undefined) => date ? sql`${date.toISOString()}::timestamptz` : sql`date_trunc('milliseconds', now())`
const json = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`

/**
 * Stores a question, with its reply where that is known already, in one statement: the conversation's row is locked by
 * the update, so `seq` has no gaps, and a repeated `client_message_id` takes everything back (a unique violation of
 * CLIENT_ID_INDEX), a conversation made for it too. null: the conversation is not this customer's or not active; where
 * none was named, another send has made the customer's new one at the same moment. `abandoned`: an older question of the
 * conversation waits that no server is working on. Where a person answers the question is stored alone: the same row lock
 * orders it before or after the moment at which they took over.
 */
export async function insertQuestion(question: NewQuestion, answer: NewReply | ReplyClaim): Promise<StoredPlace | null> {
  const reply = 'text' in answer ? answer : null
  const claim = 'by' in answer ? answer : null
  const now = time(question.createdAt)
  const rows = await changing(conversationsOf(question.customerId), () => rowsOfPrepared<Omit<StoredPlace, 'createdAt'> & { at: number }>(sql`
    with ${placeCtes(question, reply)}, question as (
      insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, client_message_id, page, faq_id, reply_state, reply_claimed_until, reply_claimed_by)
      select ${question.id}::uuid, id, ${question.customerId}::uuid, seq, 'customer', ${question.text}, ${now}, ${question.clientMessageId}::uuid, ${question.page}, (select f.id from faqs f where f.id = ${question.faqId}::uuid),
        case when handling = 'person' then 'person' else ${reply ? 'answered' : 'pending'} end,
        case when handling <> 'person' then ${claim ? leaseEnd(claim.leaseMs) : sql`null::timestamptz`} end, case when handling <> 'person' then ${claim?.by ?? null}::uuid end
      from conversation returning seq, created_at
    )${reply ? replyCtes(reply, question.id, now, sql`select id, ${question.customerId}::uuid as customer_id, seq + 1 as seq from conversation where handling <> 'person'`) : sql``}
    select id as "conversationId", conversation.seq, (extract(epoch from question.created_at) * 1000)::float8 as at, handling = 'person' as "leftToPerson", exists(
      select 1 from messages m where m.conversation_id = conversation.id and m.reply_state = 'pending' and ${unclaimed(sql`m.`)}) as abandoned
    from conversation, question`))
  if (!rows[0]) return null
  const { at, ...place } = rows[0]
  return { ...place, createdAt: new Date(at) }
}

/**
 * The row `conversation` (id, handling, seq of the question): the one named; else the active one, else a new one. Of two
 * sends that find none the second waits at the index of active conversations, makes nothing and has no row.
 */
function placeCtes({ customerId, conversationId, createdAt }: NewQuestion, reply: NewReply | null): SQL {
  const asks = sql`${Boolean(reply?.asksForPerson)}::boolean`
  const now = time(createdAt)
  const spoken = reply ? time(reply.createdAt) : now
  const active = sql`
      update conversations c set last_seq = last_seq + case when handling = 'person' then 1 else ${reply ? 2 : 1}::int end, version = version + 1, last_message_at = ${spoken},
        handling = case when ${asks} and handling = 'bot' then 'waiting' else handling end,
        waiting_since = case when handling = 'person' or ${asks} then coalesce(waiting_since, ${now}) else waiting_since end,
        handover_question_id = case when ${asks} and handling = 'bot' then (select m.reply_to from messages m where m.conversation_id = c.id and m.seq = c.last_seq and m.source = 'fallback') else handover_question_id end
      where customer_id = ${customerId}::uuid and status = 'active' ${conversationId ? sql`and id = ${conversationId}::uuid` : sql``}
      returning id, handling, last_seq - case when handling = 'person' then 0 else ${reply ? 1 : 0}::int end as seq`
  if (conversationId) return sql`conversation as (${active})`
  return sql`active as (${active}), made as (
      insert into conversations (id, customer_id, started_at, last_seq, last_message_at, handling, waiting_since)
      select ${v7()}::uuid, ${customerId}::uuid, ${now}, ${reply ? 2 : 1}::int, ${spoken}, case when ${asks} then 'waiting' else 'bot' end, case when ${asks} then ${now} end
      where not exists (select from active) on conflict do nothing returning id, handling, 1 as seq
    ), conversation as (select id, handling, seq from active union all select id, handling, seq from made)`
}

/**
 * Stores the reply to a pending question; null when the question has its reply already (then nothing is stored).
 * Whoever comes second finds no pending question, and the unique index on `reply_to` stands behind that.
 * The conversation is locked before the question, as a send does: a repeated send that holds the conversation waits for
 * the question's row in the index of client ids, and the other way round the two would wait for each other.
 */
export async function insertReply(questionId: string, reply: NewReply): Promise<{ seq: number } | null> {
  const rows = await rowsOf<{ seq: number }>(sql`
    with held as (
      select c.id from conversations c where c.id = (select conversation_id from messages where id = ${questionId}::uuid) for update
    ), question as (
      update messages m set reply_state = 'answered', reply_claimed_until = null, reply_claimed_by = null
      from held where m.id = ${questionId}::uuid and m.conversation_id = held.id and m.reply_state = 'pending' returning m.conversation_id, m.customer_id, m.created_at
    ), conversation as (
      update conversations c set last_seq = c.last_seq + 1, version = c.version + 1, last_message_at = ${time(reply.createdAt)}
      from question q where c.id = q.conversation_id returning c.id, q.customer_id, q.created_at, c.last_seq as seq
    )${replyCtes(reply, questionId, sql`created_at`, sql`select id, customer_id, created_at, seq from conversation`)}
    select seq from conversation`)
  return rows[0] ?? null
}

/** Stores the reply at its place and, where it answers nothing, notes the question for the list of unanswered ones. */
function replyCtes(reply: NewReply, questionId: string, askedAt: SQL, place: SQL): SQL {
  const kind = reply.asksForPerson ? null : reply.source === 'fallback' ? 'fallback' : reply.suggestions.length ? 'suggestion' : null
  const missed = kind && sql`, missed as (
    insert into unanswered_questions (message_id, kind, asked_at, due_at)
    select ${questionId}::uuid, ${kind}, ${askedAt}, ${time(reply.createdAt)} + ${kind === 'suggestion' ? SUGGESTION_PATIENCE_MS : 0}::int * interval '1 millisecond' from (${place}) place on conflict do nothing)`
  return sql`, reply as (${insertReplySql(reply, questionId, place)})${missed ?? sql``}`
}

function insertReplySql(reply: NewReply, questionId: string, place: SQL): SQL {
  return sql`insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_to, source, faq_id, score, suggestions, citations, remote_format, remote_conversation_id, remote_message_id)
    select ${reply.id}::uuid, place.id, place.customer_id, place.seq, 'bot', ${reply.text}, ${time(reply.createdAt)}, ${questionId}::uuid, ${reply.source},
      (select f.id from faqs f where f.id = ${reply.faqId}::uuid), ${reply.score}::real, ${json(reply.suggestions)}, ${json(reply.citations)},
      ${reply.remote?.format ?? null}, ${reply.remote?.conversationId ?? null}, ${reply.remote?.messageId ?? null} from (${place}) place`
}

/** Takes a pending question that no server holds (any more); false when another was quicker or it is answered. */
export async function claimQuestion(questionId: string, claim: ReplyClaim): Promise<boolean> {
  const rows = await db().update(messages)
    .set({ replyClaimedUntil: leaseEnd(claim.leaseMs), replyClaimedBy: claim.by })
    .where(and(eq(messages.id, questionId), eq(messages.replyState, 'pending'), unclaimed()))
    .returning({ id: messages.id })
  return rows.length > 0
}

/** Prolongs the claims that a server still holds. */
export async function renewClaims(questionIds: string[], claim: ReplyClaim): Promise<void> {
  await db().update(messages).set({ replyClaimedUntil: leaseEnd(claim.leaseMs) })
    .where(and(inArray(messages.id, questionIds), eq(messages.replyState, 'pending'), eq(messages.replyClaimedBy, claim.by)))
}

/** Lets go of claims: those of one server, or (null) all; the latter only where no other server can be alive. */
export async function releaseClaims(by: string | null): Promise<void> {
  await db().update(messages).set({ replyClaimedUntil: null, replyClaimedBy: null })
    .where(and(eq(messages.replyState, 'pending'), by ? eq(messages.replyClaimedBy, by) : undefined))
}

/** Pending questions that no server holds, oldest first; of one conversation or (null) of all. */
export async function listAbandonedQuestions(conversationId: string | null, limit: number): Promise<MessageRow[]> {
  return db().select().from(messages).where(and(
    eq(messages.replyState, 'pending'),
    conversationId ? eq(messages.conversationId, conversationId) : undefined,
    unclaimed(),
  )).orderBy(asc(messages.createdAt), asc(messages.seq)).limit(limit)
}

export async function countPendingQuestions(): Promise<number> {
  return db().$count(messages, eq(messages.replyState, 'pending'))
}

const leaseEnd = (leaseMs: number) => sql`now() + ${leaseMs}::int * interval '1 millisecond'`
const unclaimed = (alias = sql``) => sql`(${alias}reply_claimed_until is null or ${alias}reply_claimed_until < now())`

/** What the RAG API called this conversation in its last reply of that format; null: it has not heard of it. */
export async function findRemoteConversation(conversationId: string, format: RagApiFormat): Promise<string | null> {
  const [row] = await db().select({ id: messages.remoteConversationId }).from(messages)
    .where(and(eq(messages.conversationId, conversationId), eq(messages.remoteFormat, format), isNotNull(messages.remoteConversationId)))
    .orderBy(desc(messages.seq)).limit(1)
  return row?.id ?? null
}

export async function findQuestionByClientId(customerId: string, clientMessageId: string): Promise<MessageRow | null> {
  return (await db().select().from(messages).where(and(eq(messages.customerId, customerId), eq(messages.clientMessageId, clientMessageId))))[0] ?? null
}

/** The bot's reply to a question, with the customer's feedback on it; null: none yet. */
export async function findReplyTo(questionId: string): Promise<MessageWithFeedback | null> {
  const [row] = await db().select({ message: messages, rating: { id: feedback.id, value: feedback.value, comment: feedback.comment } })
    .from(messages).leftJoin(feedback, and(eq(feedback.messageId, messages.id), eq(feedback.customerId, messages.customerId)))
    .where(and(eq(messages.replyTo, questionId), eq(messages.sender, 'bot'))).limit(1)
  return row ? { ...row.message, feedback: row.rating?.value ? { ...row.rating, value: row.rating.value } : null } : null
}

/** A message of this customer; somebody else's is null. */
export async function findMessage(customerId: string, id: string): Promise<MessageRow | null> {
  return (await db().select().from(messages).where(and(eq(messages.id, id), eq(messages.customerId, customerId))))[0] ?? null
}

/** Any message, whoever's: for work on behalf of the site, never for a customer's request. */
export async function findMessageById(id: string): Promise<MessageRow | null> {
  return (await db().select().from(messages).where(eq(messages.id, id)))[0] ?? null
}

/** Messages of a conversation by `seq` ascending: those later than `after`, or the newest ones earlier than `before`. */
export async function listMessages(conversationId: string, range: { after: number } | { before: number }, limit: number): Promise<ShownMessage[]> {
  const part = 'after' in range ? sql`m.seq > ${range.after}::int order by m.seq` : sql`m.seq < ${range.before}::int order by m.seq desc`
  // The rating by a look-up for each message: a plan that is kept must not read all ratings, however few it thinks there are.
  const rows = await rowsOfPrepared<Omit<ShownMessage, 'createdAt'> & { at: number }>(sql`
    select m.id, m.sender, m.text, extract(epoch from m.created_at)::float8 * 1000 as at, m.seq, m.client_message_id as "clientMessageId", m.page, m.reply_to as "replyTo", m.source, m.faq_id as "faqId",
      m.suggestions, m.citations, m.reply_state as "replyState",
      (select jsonb_build_object('id', f.id, 'value', f.value, 'comment', f.comment) from feedback f where f.message_id = m.id and f.customer_id = m.customer_id and f.value is not null) as feedback
    from messages m where m.conversation_id = ${conversationId}::uuid and ${part} limit ${limit}::int`)
  const shown = rows.map(({ at, ...message }) => ({ ...message, createdAt: new Date(Math.round(at)) }))
  return 'after' in range ? shown : shown.reverse()
}

/** The messages before a question, oldest first: what the RAG API gets as history. */
export async function listHistory(conversationId: string, beforeSeq: number, limit: number): Promise<Pick<MessageRow, 'sender' | 'text'>[]> {
  const rows = await db().select({ sender: messages.sender, text: messages.text }).from(messages)
    .where(and(eq(messages.conversationId, conversationId), lt(messages.seq, beforeSeq))).orderBy(desc(messages.seq)).limit(limit)
  return rows.reverse()
}
