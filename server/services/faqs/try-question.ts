import { getChatConfig } from '#server/services/config/chat-config'
import { matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import type { FaqMatch } from '#server/services/answering/faq-matcher/types'
import type { AnswerStrictness } from '#shared/contracts/admin'
import type { TryCandidate, TryResult } from '#shared/contracts/admin-faqs'
import { asksForPerson } from '#server/services/handover/asks-for-person'
import { handoverReply } from '#server/services/handover/handover-reply'
import { DID_YOU_MEAN, MAX_SUGGESTIONS } from '#server/services/answering/answer-from-faqs'
import { getFaqCatalogue, type FaqCatalogue } from './faq-catalogue'
import { describeSignals } from './signal-words'

/** What the bot would do with a question right now, and why. Stores nothing and asks nobody. */
export async function tryQuestion(question: string): Promise<TryResult> {
  const [config, catalogue] = await Promise.all([getChatConfig(), getFaqCatalogue()])
  const started = performance.now()
  const match = await matchFaqWithEncoder(catalogue.index, question, { strictness: config.answerStrictness, explain: true })
  const duration = performance.now() - started
  const candidates = candidatesOf(match, catalogue)
  const language = asksForPerson(question)
  const outcome = language ? 'person' : match.decision === 'answer' && candidates.length ? 'answer' : match.decision === 'suggest' && candidates.length ? 'suggestions' : config.ragApiUrl ? 'rag' : 'fallback'
  const answer = catalogue.byId.get(candidates[0]?.faq_id ?? '')?.answer ?? null
  return {
    decision: match.decision,
    outcome,
    reason: reasonOf(outcome, candidates, config.answerStrictness),
    score: candidates[0]?.score ?? null,
    reply: { answer, suggestions: DID_YOU_MEAN, rag: null, fallback: config.fallbackMessage, person: handoverReply(config, language ?? 'en', new Date()).text }[outcome],
    candidates,
    strictness: config.answerStrictness,
    used_encoder: match.usedEncoder,
    duration_ms: Math.round(duration * 10) / 10,
  }
}

function candidatesOf(match: FaqMatch, catalogue: FaqCatalogue): TryCandidate[] {
  return match.ranked.flatMap(({ faqId, score, signals }) => {
    const faq = catalogue.byId.get(faqId)
    return faq ? [{ faq_id: faqId, question: faq.question, score, signals: describeSignals(signals ?? {}) }] : []
  })
}

const percent = (score: number) => `${Math.round(score * 100)} %`

function reasonOf(outcome: TryResult['outcome'], [best, second]: TryCandidate[], strictness: AnswerStrictness): string {
  if (outcome === 'person') return 'The words ask for a person: the conversation is put on the list of those who wait for one.'
  if (!best) return outcome === 'rag' ? 'No FAQ has anything in common with it, so the RAG service is asked.' : 'No FAQ has anything in common with it.'
  if (outcome === 'answer') return best.score === 1 ? 'It is a FAQ’s own question or one of its phrasings, word for word.' : `The best FAQ is ${percent(best.score)} likely to be right, enough for “${strictness}”.`
  if (outcome === 'suggestions') return `The best FAQ is ${percent(best.score)} likely to be right: too little to answer when “${strictness}”, enough to ask “did you mean”${second ? '' : ' it'}. The first ${MAX_SUGGESTIONS} are offered.`
  return `The best FAQ is only ${percent(best.score)} likely to be right, too little for “${strictness}”, so ${outcome === 'rag' ? 'the RAG service is asked' : 'the fallback is said'}.`
}
