import { setTimeout as pause } from 'node:timers/promises'
import { v7 } from 'uuid'
import { AppError } from '#server/core/app-error'
import { log } from '#server/core/log'
import { changing, conversationsOf } from '#server/db/changes'
import { isDatabaseUnavailable } from '#server/db/errors'
import { claimQuestion, findMessageById, findReplyTo, insertReply, listAbandonedQuestions, type MessageRow, type MessageWithFeedback, type NewReply } from '#server/db/messages'
import { answerQuestion, fallbackReply, type StoredQuestion } from '#server/services/answering/answer-question'
import type { DraftReply } from '#server/services/answering/draft-reply'
import { runInBackground } from '#server/services/background'
import { getChatConfig } from '#server/services/config/chat-config'
import { countReply } from '#server/services/metrics'
import { holdClaim, releaseOwnClaims, replyClaim } from './reply-claims'

/** How many conversations with abandoned questions are worked on at once. */
const TAKE_OVER_AT_ONCE = 8

/** null: a person has taken the conversation over, and the bot says nothing. */
export type MadeReply = MessageWithFeedback | null

type OwnQuestion = Pick<MessageRow, 'id' | 'customerId'>

interface UnderWay { reply: Promise<MadeReply>, stop: AbortController }

/** The replies being made in this process, by question; a repeated send joins the one under way. */
const underWay = new Map<string, UnderWay>()

export const newReply = (draft: DraftReply): NewReply => ({ id: v7(), ...draft })

/**
 * Makes and stores the reply to a question this process has claimed; of two calls the second joins the first. The RAG
 * API has `deadlineMs`. Goes on when the caller stops waiting.
 */
export function makeReply(question: StoredQuestion, deadlineMs: number): Promise<MadeReply> {
  const running = underWay.get(question.id)
  if (running) return running.reply
  const stop = new AbortController()
  const letGo = holdClaim(question.id)
  const reply = replyOnce(question, deadlineMs, stop.signal).finally(() => {
    letGo()
    underWay.delete(question.id)
  })
  underWay.set(question.id, { reply, stop })
  runInBackground('making a reply', () => reply.catch((error) => {
    const isDeleted = error instanceof AppError && error.code === 'NOT_FOUND'
    if (!stop.signal.aborted && !isDeleted) throw error
  }))
  return reply
}

async function replyOnce(question: StoredQuestion, deadlineMs: number, signal: AbortSignal): Promise<MadeReply> {
  const draft = await answerQuestion(question, { deadlineMs, signal }).catch(async (error: unknown) => {
    // Without the database no reply can be stored either: the question stays pending, and a sweep takes it up.
    if (signal.aborted || isDatabaseUnavailable(error)) throw error
    log.error({ err: error, message_id: question.id }, 'A reply could not be made')
    return fallbackReply(await getChatConfig())
  })
  return storeReply(question, draft)
}

/** Stores the reply unless the question has one already or is a person's; gives the one that counts. */
async function storeReply({ id: questionId, customerId }: OwnQuestion, draft: DraftReply): Promise<MadeReply> {
  if (await changing(conversationsOf(customerId), () => insertReply(questionId, newReply(draft)))) countReply(draft.source)
  // Read back in every case: when another server was quicker, its reply is the reply.
  const reply = await findReplyTo(questionId)
  if (!reply && (await findMessageById(questionId))?.replyState !== 'person') throw new AppError('NOT_FOUND', 'This conversation was deleted before the answer was ready.')
  return reply
}

/** For a caller who may wait no longer: the fallback becomes the reply, unless there is one by now. */
export async function replyWithFallback(question: OwnQuestion): Promise<MadeReply> {
  return storeReply(question, fallbackReply(await getChatConfig()))
}

/** The reply being made in this process, or null. */
export const replyUnderWay = (questionId: string): Promise<MadeReply> | null => underWay.get(questionId)?.reply ?? null

/** Takes the question over when nobody holds it and begins to make its reply (`replyUnderWay`); false when another server has it. */
export async function takeOver(question: MessageRow): Promise<boolean> {
  if (!await claimQuestion(question.id, replyClaim)) return false
  log.info({ message_id: question.id }, 'Answering a question that was left without a reply')
  const { ragTimeoutMs, ragLateAnswerMs } = await getChatConfig()
  const { id, conversationId, customerId, seq, text, faqId: pickedFaqId } = question
  // Its customer polls by now, so the RAG API has the time of a late answer.
  void makeReply({ id, conversationId, customerId, seq, text, pickedFaqId }, Math.max(ragTimeoutMs, ragLateAnswerMs))
  return true
}

/** Answers what a dead server has left pending; of one conversation, or (null) of all. In a conversation oldest first. */
export async function finishAbandonedQuestions(conversationId: string | null): Promise<void> {
  for (;;) {
    const conversations = byConversation(await listAbandonedQuestions(conversationId, 200))
    if (!conversations.length) return
    await Promise.all(Array.from({ length: Math.min(TAKE_OVER_AT_ONCE, conversations.length) }, async () => {
      for (let questions = conversations.shift(); questions; questions = conversations.shift()) {
        for (const question of questions) if (await takeOver(question)) await replyUnderWay(question.id)
      }
    }))
  }
}

function byConversation(questions: MessageRow[]): MessageRow[][] {
  const groups = new Map<string, MessageRow[]>()
  for (const question of questions) groups.set(question.conversationId, [...groups.get(question.conversationId) ?? [], question])
  return [...groups.values()]
}

/**
 * For a server that stops: gives the replies under way `graceMs`, then lets go of the rest. Their questions stay pending
 * and unclaimed, for another server or the next start.
 */
export async function settleReplies(graceMs: number): Promise<void> {
  const settled = () => Promise.allSettled([...underWay.values()].map(({ reply }) => reply))
  await Promise.race([settled(), pause(graceMs, undefined, { ref: false })])
  for (const { stop } of underWay.values()) stop.abort(new AppError('UNAVAILABLE', 'The service is restarting: your question is kept and will be answered.', { retryAfter: 2 }))
  await Promise.race([settled(), pause(graceMs, undefined, { ref: false })])
  await releaseOwnClaims()
}
