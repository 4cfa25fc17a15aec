import type { z } from 'zod'
import { AppError } from '#server/core/app-error'
import { listAskedQuestions } from '#server/db/replay'
import { MAX_SUGGESTIONS } from '#server/services/answering/answer-from-faqs'
import { prepareEncoder } from '#server/services/answering/faq-matcher/encoder/encoder-service'
import { matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import { exactKey } from '#server/services/answering/faq-matcher/text/normalise'
import { getChatConfig } from '#server/services/config/chat-config'
import { asksForPerson } from '#server/services/handover/asks-for-person'
import type { AnswerStrictness } from '#shared/contracts/admin'
import type { ReplayChange, ReplayOutcome, ReplayPart, replaySchema } from '#shared/contracts/replay'
import { DRAFT_ID, draftCatalogue, getFaqCatalogue, type FaqCatalogue } from './faq-catalogue'

/** Questions a call: a second or two of work, so that the caller can show how far it is, and stop. */
const PART = 100

type Asked = Awaited<ReturnType<typeof listAskedQuestions>>[number]

/**
 * Runs real questions, the newest first, through the FAQs as drafted and tells which would be answered otherwise. A part a
 * call. Stores nothing and asks nobody. Throws VALIDATION_ERROR for a cursor that is not ours.
 */
export async function replayQuestions({ limit, faq, strictness: wanted, cursor }: z.output<typeof replaySchema>): Promise<ReplayPart> {
  const [{ answerStrictness }, live] = await Promise.all([getChatConfig(), getFaqCatalogue()])
  const strictness = wanted ?? answerStrictness
  const drafted = faq ? await draftCatalogue({ id: faq.id ?? null, question: faq.question, answer: faq.answer, phrasings: faq.phrasings, isActive: faq.is_active }) : live
  // Both sides with the encoder or both without; what is tried out is not kept.
  if (faq) await Promise.all([prepareEncoder(live.index), prepareEncoder(drafted.index, { isKept: false })])
  const isThen = !faq && strictness === answerStrictness
  const before = isThen ? outcomeThen : outcomesOf(live, answerStrictness)
  const after = outcomesOf(drafted, strictness)
  const draftId = faq?.id ?? DRAFT_ID

  const at = cursor ? readCursor(cursor) : { done: 0, before: null }
  const size = Math.min(PART, Math.max(0, limit - at.done))
  const asked = size ? await listAskedQuestions({ before: at.before, limit: size }) : []
  const changes: ReplayChange[] = []
  let answeredByDraft = 0
  for (const question of asked) {
    if (asksForPerson(question.text)) continue
    const [old, next] = [await before(question), await after(question)]
    if (faq && next.decision === 'answer' && (next.faq?.id ?? DRAFT_ID) === draftId) answeredByDraft++
    if (isSame(old, next)) continue
    changes.push({ message_id: question.id, conversation_id: question.conversationId, question: question.text, asked_at: question.askedAt.toISOString(), before: old, after: next })
  }
  const done = at.done + asked.length
  const isOver = asked.length < PART || done >= limit
  return { baseline: isThen ? 'then' : 'now', done, limit, looked_at: asked.length, answered_by_draft: answeredByDraft, changes, next_cursor: isOver ? null : writeCursor(done, asked.at(-1)!.id) }
}

/** What a catalogue does with a question; the same words are asked once. */
function outcomesOf({ index, byId }: FaqCatalogue, strictness: AnswerStrictness) {
  const known = new Map<string, ReplayOutcome>()
  return async ({ text }: Asked): Promise<ReplayOutcome> => {
    const key = exactKey(text)
    const kept = known.get(key)
    if (kept) return kept
    const { decision, ranked } = await matchFaqWithEncoder(index, text, { strictness })
    const faqs = ranked.flatMap(({ faqId }) => byId.get(faqId) ?? [])
    const outcome: ReplayOutcome = {
      decision: faqs.length ? decision : 'forward',
      faq: decision === 'answer' && faqs[0] ? { id: faqs[0].id === DRAFT_ID ? null : faqs[0].id, question: faqs[0].question } : null,
      suggestions: decision === 'suggest' ? faqs.slice(0, MAX_SUGGESTIONS).map(({ question }) => question) : [],
    }
    known.set(key, outcome)
    return outcome
  }
}

/** What the customer got then. */
async function outcomeThen({ reply, faqQuestion }: Asked): Promise<ReplayOutcome> {
  if (reply.source !== 'faq') return { decision: 'forward', faq: null, suggestions: [] }
  if (reply.suggestions?.length) return { decision: 'suggest', faq: null, suggestions: reply.suggestions.map(({ question }) => question) }
  return { decision: 'answer', faq: reply.faqId && faqQuestion !== null ? { id: reply.faqId, question: faqQuestion } : null, suggestions: [] }
}

function isSame(one: ReplayOutcome, other: ReplayOutcome): boolean {
  return one.decision === other.decision && one.faq?.id === other.faq?.id && JSON.stringify(one.suggestions.toSorted()) === JSON.stringify(other.suggestions.toSorted())
}

const writeCursor = (done: number, before: string) => Buffer.from(JSON.stringify([done, before])).toString('base64url')

function readCursor(cursor: string): { done: number, before: string } {
  try {
    const [done, before] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string]
    if (Number.isInteger(done) && done > 0 && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(before)) return { done, before }
  }
  catch { /* Not ours; said below. */ }
  throw new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the part before.' }] })
}
