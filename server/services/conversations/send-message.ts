import { setTimeout as pause } from 'node:timers/promises'
import { v7 } from 'uuid'
import { AppError, notFound } from '#server/core/app-error'
import { startSpan } from '#server/core/trace'
import { findConversation } from '#server/db/conversations'
import { isUniqueViolation } from '#server/db/errors'
import { CLIENT_ID_INDEX, findMessageById, findQuestionByClientId, findReplyTo, insertQuestion, type MessageRow, type MessageWithFeedback, type NewQuestion, type NewReply, type StoredPlace } from '#server/db/messages'
import { databaseTime } from '#server/db/time'
import { answerFromFaqs, decisionOf } from '#server/services/answering/answer-from-faqs'
import { getChatConfig } from '#server/services/config/chat-config'
import { countMatch, countReply } from '#server/services/metrics'
import { getFaqCatalogue } from '#server/services/faqs/faq-catalogue'
import { runInBackground } from '#server/services/background'
import { asksForPerson } from '#server/services/handover/asks-for-person'
import { handoverReply } from '#server/services/handover/handover-reply'
import type { BotReply, LeftToPerson, PendingAnswer } from '#shared/contracts/chat'
import { botReply, leftToPerson, pendingAnswer } from './message-views'
import { replyClaim } from './reply-claims'
import { finishAbandonedQuestions, makeReply, newReply, replyUnderWay, replyWithFallback, takeOver, type MadeReply } from './reply-to-question'

export interface SentMessage {
  customerId: string
  text: string
  conversationId: string | null
  clientMessageId: string | null
  faqId: string | null
  page: string | null
  /** The caller takes a 202 and polls when the RAG API is late. */
  acceptPending: boolean
}

/** The reply, or word that it is late and a poll will bring it, or that a person answers in this conversation. */
export type SendOutcome = { reply: BotReply } | { pending: PendingAnswer | LeftToPerson }

/** Beyond the RAG API's own limit, for the matcher and the database on a bad day; then a caller who cannot poll gets the fallback. */
const GRACE_MS = 500
/** How often a repeated send looks whether the server that has its question is done. */
const WAIT_STEP_MS = 150

/**
 * Stores a customer's message and gives the bot's reply. What the FAQs answer is stored with its answer in one
 * statement; anything else is stored first (pending) and answered then, so that no question is lost on the way.
 * Throws NOT_FOUND (not their conversation) and CONFLICT (closed; or the same client id with another text).
 */
export async function sendMessage({ acceptPending, ...message }: SentMessage): Promise<SendOutcome> {
  const config = await getChatConfig()
  const catalogue = await getFaqCatalogue()
  const asked = { text: message.text, pickedFaqId: message.faqId }
  const language = message.faqId ? null : asksForPerson(message.text)
  const draft = language ? handoverReply(config, language, new Date()) : draftFromFaqs(asked, catalogue, config.answerStrictness)
  const question: NewQuestion = {
    id: v7(),
    ...message,
    faqId: message.faqId && catalogue.byId.has(message.faqId) ? message.faqId : null,
  }
  const reply = draft && newReply(draft)
  const stored = await storeQuestion(question, reply ?? replyClaim)
  const wait = { ms: config.ragTimeoutMs, acceptPending: acceptPending && config.ragLateAnswerMs > 0 }
  if ('repeated' in stored) return replyToRepeated(stored.repeated, message, wait)
  if (stored.abandoned) runInBackground('answering an abandoned question', () => finishAbandonedQuestions(stored.conversationId))
  if (stored.leftToPerson) return { pending: leftToPerson({ ...question, ...stored }) }
  if (reply) {
    countReply(reply.source)
    return { reply: knownReply(reply, question.id, stored) }
  }
  const deadlineMs = wait.acceptPending ? Math.max(config.ragTimeoutMs, config.ragLateAnswerMs) : config.ragTimeoutMs
  void makeReply({ id: question.id, customerId: question.customerId, ...stored, ...asked }, deadlineMs)
  return waitForReply({ ...question, ...stored }, wait)
}

/** What the FAQs say at once; null: they leave it open. */
function draftFromFaqs(...asked: Parameters<typeof answerFromFaqs>) {
  const span = startSpan('match FAQs by words')
  const answer = answerFromFaqs(...asked)
  span?.end()
  countMatch('words', decisionOf(answer))
  return answer.reply
}

interface Wait { ms: number, acceptPending: boolean }
type WaitedFor = NewQuestion & { conversationId: string, seq: number, createdAt: Date }

/** The reply under way, for as long as the caller may wait. */
async function waitForReply(question: WaitedFor, { ms, acceptPending }: Wait): Promise<SendOutcome> {
  const patience = new AbortController()
  try {
    const late = pause(acceptPending ? ms : ms + GRACE_MS, 'late' as const, { signal: patience.signal }).catch(() => 'late' as const)
    const made = (replyUnderWay(question.id) ?? replyWithFallback(question)).catch((error: unknown) => {
      // The question is stored; who polls will see its reply all the same.
      if (acceptPending) return 'late' as const
      throw error
    })
    const reply = await Promise.race([made, late])
    if (reply !== 'late') return outcomeOf(reply, question)
    return acceptPending ? { pending: pendingAnswer(question) } : outcomeOf(await replyWithFallback(question), question)
  }
  finally {
    patience.abort()
  }
}

const outcomeOf = (reply: MadeReply, question: WaitedFor): SendOutcome => (reply ? { reply: botReply(reply) } : { pending: leftToPerson(question) })

type Stored = StoredPlace | { repeated: MessageRow }

async function storeQuestion(question: NewQuestion, answer: Parameters<typeof insertQuestion>[1]): Promise<Stored> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const stored = await insertQuestion(question, answer)
      if (stored) return stored
    }
    catch (error) {
      if (!isUniqueViolation(error, CLIENT_ID_INDEX)) throw error
    }
    // The conversation is not open, a repeated send, or another send has just made the new conversation, which the next
    // attempt finds. A repeat is answered even where the conversation has been closed since.
    const repeated = question.clientMessageId ? await findQuestionByClientId(question.customerId, question.clientMessageId) : null
    if (repeated) return { repeated }
    if (question.conversationId) await requireOpen(question.customerId, question.conversationId)
  }
  // Somebody closes the conversation as quickly as we open one.
  throw new AppError('CONFLICT', 'This conversation was being closed at the same moment: send your message again.')
}

/** Throws NOT_FOUND or CONFLICT; returns when the conversation is open after all. */
async function requireOpen(customerId: string, id: string): Promise<void> {
  const conversation = await findConversation(customerId, id)
  if (!conversation) throw notFound('conversation')
  if (conversation.status === 'closed') throw new AppError('CONFLICT', 'This conversation is closed: start a new one to go on.')
}

async function replyToRepeated(question: MessageRow, message: Pick<SentMessage, 'text' | 'conversationId'>, wait: Wait): Promise<SendOutcome> {
  if (question.text !== message.text || (message.conversationId && message.conversationId !== question.conversationId)) {
    throw new AppError('CONFLICT', 'This client_message_id belongs to another message: use a new one for each message.')
  }
  // Somebody who polls has waited since the first call.
  const waited = wait.acceptPending ? Math.max(0, (await databaseTime()).getTime() - question.createdAt.getTime()) : -GRACE_MS
  const until = performance.now() + wait.ms - waited
  for (;;) {
    const left = Math.max(0, until - performance.now())
    if (replyUnderWay(question.id)) return waitForReply(question, { ...wait, ms: wait.acceptPending ? left : Math.max(0, left - GRACE_MS) })
    const stored = await findReplyTo(question.id)
    if (stored) return { reply: botReply(stored) }
    if ((await findMessageById(question.id))?.replyState === 'person') return { pending: leftToPerson(question) }
    if (await takeOver(question)) continue
    // Another server is making it, within its claim; once that has lapsed we take the question over.
    if (left === 0) return wait.acceptPending ? { pending: pendingAnswer(question) } : outcomeOf(await replyWithFallback(question), question)
    await pause(Math.min(WAIT_STEP_MS, left))
  }
}

/** The reply as it was just stored; saves reading it back. */
function knownReply(reply: NewReply, questionId: string, at: { conversationId: string, seq: number, createdAt: Date }): BotReply {
  const shown = botReply({
    ...reply,
    createdAt: at.createdAt,
    conversationId: at.conversationId,
    seq: at.seq + 1,
    replyTo: questionId,
    feedback: null,
  } as MessageWithFeedback)
  return reply.asksForPerson ? { ...shown, handled_by: 'waiting' } : shown
}
