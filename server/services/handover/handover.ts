import { setTimeout as pause } from 'node:timers/promises'
import { v7 } from 'uuid'
import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { changing, conversationsOf } from '#server/db/changes'
import { inTransaction } from '#server/db/client'
import { isUniqueViolation } from '#server/db/errors'
import { claimConversation, countWaiting, findHandling, handBackConversation, insertAgentMessage, leaveQuestionsToPerson, listHandled } from '#server/db/handover'
import { CLIENT_ID_INDEX, findQuestionByClientId } from '#server/db/messages'
import type { AgentMessage, ConversationHandling, HandlingState, WaitingPage } from '#shared/contracts/handover'

const MAX_SHOWN = 100
/** A server that touches one of the questions at the very moment of a claim goes first; it takes a statement's time. */
const GIVE_WAY_MS = 25
const GIVE_WAY_TIMES = 40

/** Another server has one of the questions in its hands just now. */
class QuestionBusy extends Error {}

type Found = NonNullable<Awaited<ReturnType<typeof findHandling>>>

export function handlingState({ conversation, agent, question }: Pick<Found, 'conversation' | 'agent' | 'question'>): HandlingState {
  return {
    handling: conversation.handling,
    waiting_since: conversation.waitingSince?.toISOString() ?? null,
    agent: agent?.id ? agent : null,
    handover_question: question,
  }
}

const wholeState = (found: Found): ConversationHandling => ({ conversation_id: found.conversation.id, status: found.conversation.status, ...handlingState(found) })

/**
 * Takes a conversation over: from now on the bot is quiet in it, and questions that wait for the bot are left to the
 * person. Taking it again changes nothing. Throws NOT_FOUND and CONFLICT (closed; or, without `takeOver`, a colleague has it).
 */
export async function takeConversation(adminId: string, id: string, takeOver: boolean): Promise<ConversationHandling> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(() => claim(adminId, id, takeOver))
    }
    catch (error) {
      if (!(error instanceof QuestionBusy) || attempt === GIVE_WAY_TIMES) throw error
      await pause(GIVE_WAY_MS)
    }
  }
}

async function claim(adminId: string, id: string, takeOver: boolean): Promise<ConversationHandling> {
  const before = await requireHandling(id)
  const claimed = await changing(conversationsOf(before.conversation.customerId), () => claimConversation({ id, agentId: adminId, takeOver }))
  if (!claimed) throw refusal(await requireHandling(id))
  if ((await leaveQuestionsToPerson(id)).busy) throw new QuestionBusy()
  const after = wholeState(await requireHandling(id))
  if (before.conversation.handling !== 'person' || before.conversation.agentId !== adminId) await audit(adminId, 'take_over', wholeState(before), after)
  return after
}

function refusal(found: Found): AppError {
  if (found.conversation.status === 'closed') return new AppError('CONFLICT', 'The customer has closed this conversation: nothing more can be written in it.', { current: wholeState(found) })
  return new AppError('CONFLICT', `${found.agent?.name ?? 'A colleague'} is answering in this conversation: take it over from them if you want to go on instead.`, { current: wholeState(found) })
}

/** Gives a conversation back to the bot. What was left to the person stays with them; what comes now the bot answers. Throws NOT_FOUND. */
export async function handBack(adminId: string, id: string): Promise<ConversationHandling> {
  return inTransaction(async () => {
    const found = await requireHandling(id)
    const before = wholeState(found)
    const given = await changing(conversationsOf(found.conversation.customerId), () => handBackConversation(id))
    const after = wholeState(await requireHandling(id))
    if (given) await audit(adminId, 'hand_back', before, after)
    return after
  })
}

/**
 * Says something as a person; takes the conversation over first where nobody has. Safe to repeat under one client id.
 * Throws NOT_FOUND and CONFLICT (closed; a colleague has it; the client id belongs to another message).
 */
export async function answerAsPerson(adminId: string, id: string, said: { text: string, clientMessageId: string | null }): Promise<AgentMessage> {
  const { conversation: { customerId } } = await requireHandling(id)
  for (let attempt = 0; attempt < 3; attempt++) {
    const message = { id: v7(), conversationId: id, agentId: adminId, ...said }
    try {
      const stored = await changing(conversationsOf(customerId), () => insertAgentMessage(message))
      if (stored) return agentMessage({ ...message, ...stored })
    }
    catch (error) {
      if (!isUniqueViolation(error, CLIENT_ID_INDEX)) throw error
    }
    const repeated = said.clientMessageId ? await findQuestionByClientId(customerId, said.clientMessageId) : null
    if (repeated) {
      if (repeated.sender !== 'agent' || repeated.text !== said.text || repeated.conversationId !== id || repeated.agentId !== adminId) throw new AppError('CONFLICT', 'This client_message_id belongs to another message: use a new one for each message.')
      return agentMessage(repeated)
    }
    await takeConversation(adminId, id, false)
  }
  throw new AppError('CONFLICT', 'Somebody else took this conversation over at the same moment: look at it again.')
}

const agentMessage = (row: { id: string, conversationId: string, text: string, createdAt: Date, seq: number, clientMessageId: string | null }): AgentMessage => ({
  id: row.id,
  conversation_id: row.conversationId,
  sender: 'agent',
  text: row.text,
  timestamp: row.createdAt.toISOString(),
  seq: row.seq,
  ...(row.clientMessageId ? { client_message_id: row.clientMessageId } : {}),
})

/** Conversations that wait for a person or are in a person's hands; who waits longest comes first. */
export async function listWaiting(): Promise<WaitingPage> {
  const [rows, waiting] = await Promise.all([listHandled(MAX_SHOWN), countWaiting()])
  return {
    items: rows.map(({ conversation, customer, agent, question, last }) => ({
      id: conversation.id,
      customer,
      message_count: conversation.lastSeq,
      last_message_at: conversation.lastMessageAt?.toISOString() ?? null,
      last_question: last,
      ...handlingState({ conversation, agent, question }),
    })),
    // More than this at once is no list to work through but a queue to shorten from its front.
    next_cursor: null,
    waiting,
  }
}

async function requireHandling(id: string): Promise<Found> {
  const found = await findHandling(id)
  if (!found) throw notFound('conversation')
  return found
}

const audit = (actorId: string, action: string, before: ConversationHandling, after: ConversationHandling) => insertAuditEntry({
  actorId,
  action,
  entity: 'conversation',
  entityId: after.conversation_id,
  before: { handling: before.handling, agent: before.agent?.name ?? null },
  after: { handling: after.handling, agent: after.agent?.name ?? null },
  requestId: requestId(),
})
