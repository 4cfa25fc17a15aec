import { matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import { getChatConfig } from '#server/services/config/chat-config'
import type { SimilarFaq, SimilarResult } from '#shared/contracts/replay'
import { draftCatalogue, getFaqCatalogue } from './faq-catalogue'

const SHOWN = 3
/** A FAQ may have a hundred phrasings; the first ones tell. */
const WORDINGS = 20

/** The other active FAQs that answer what this one is asked. `id`: the FAQ itself, where it is stored. */
export async function findSimilarFaqs({ id, question, phrasings }: { id: string | null, question: string, phrasings: string[] }): Promise<SimilarResult> {
  const [{ answerStrictness: strictness }, { index, byId }] = await Promise.all([getChatConfig(), id ? draftCatalogue({ id, question: '', answer: '', phrasings: [], isActive: false }) : getFaqCatalogue()])
  const found = new Map<string, SimilarFaq>()
  for (const wording of [question, ...phrasings].slice(0, WORDINGS)) {
    const { decision, ranked: [best] } = await matchFaqWithEncoder(index, wording, { strictness })
    const faq = best && byId.get(best.faqId)
    if (decision !== 'answer' || !faq || (found.get(faq.id)?.score ?? 0) >= best.score) continue
    found.set(faq.id, { faq_id: faq.id, question: faq.question, score: best.score, wording })
  }
  return { items: [...found.values()].sort((a, b) => b.score - a.score).slice(0, SHOWN) }
}
