import type { FaqCatalogue } from '#server/services/faqs/faq-catalogue'
import type { AnswerStrictness } from '#shared/contracts/admin'
import type { DraftReply } from './draft-reply'
import { matchFaq, matchFaqWithEncoder } from './faq-matcher/match'
import type { FaqMatch } from './faq-matcher/types'

export const MAX_SUGGESTIONS = 3
export const DID_YOU_MEAN = 'I’m not quite sure what you mean. Is it one of these?'

export interface AskedQuestion {
  text: string
  /** The FAQ the customer picked from the list; null: they typed. */
  pickedFaqId: string | null
}

export interface FaqAnswer {
  /** null: no FAQ answers this; ask further. */
  reply: DraftReply | null
  /** The best FAQ's probability; null where there are no FAQs. */
  score: number | null
}

export const decisionOf = ({ reply }: FaqAnswer) => (!reply ? 'forward' : reply.suggestions.length ? 'suggest' : 'answer')

/** What the FAQs say at once, in memory and within about a millisecond. A picked FAQ that is gone counts as typed. */
export function answerFromFaqs(question: AskedQuestion, catalogue: FaqCatalogue, strictness: AnswerStrictness): FaqAnswer {
  const picked = question.pickedFaqId ? catalogue.byId.get(question.pickedFaqId) : undefined
  if (picked) return { reply: answerWith(picked.id, picked.answer, 1), score: 1 }
  return toAnswer(matchFaq(catalogue.index, question.text, { strictness }), catalogue)
}

/** As `answerFromFaqs`, with the sentence encoder's help where words alone leave a doubt. */
export async function reconsiderFaqs(question: AskedQuestion, catalogue: FaqCatalogue, strictness: AnswerStrictness): Promise<FaqAnswer> {
  return toAnswer(await matchFaqWithEncoder(catalogue.index, question.text, { strictness }), catalogue)
}

function toAnswer(match: FaqMatch, catalogue: FaqCatalogue): FaqAnswer {
  const best = match.ranked[0]
  const faq = best && catalogue.byId.get(best.faqId)
  if (!best || !faq) return { reply: null, score: null }
  if (match.decision === 'answer') return { reply: answerWith(faq.id, faq.answer, best.score), score: best.score }
  if (match.decision === 'forward') return { reply: null, score: best.score }
  const suggestions = match.ranked.slice(0, MAX_SUGGESTIONS)
    .flatMap(({ faqId }) => catalogue.byId.get(faqId) ?? [])
    .map(({ id, question }) => ({ faq_id: id, question }))
  return { reply: { text: DID_YOU_MEAN, source: 'faq', faqId: null, score: best.score, suggestions, citations: [] }, score: best.score }
}

const answerWith = (faqId: string, text: string, score: number): DraftReply => ({ text, source: 'faq', faqId, score, suggestions: [], citations: [] })
