import { createHash } from 'node:crypto'
import { listActiveFaqs } from '#server/db/faqs'
import { buildFaqIndexAsync, withNegatives, type FaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { getNegatives } from '#server/services/faqs/faq-negatives'
import { watchedValue } from '#server/services/revision-watch'
import type { ChatFaq } from '#shared/contracts/chat'

export interface FaqCatalogue {
  /** What customers see, in their order. */
  faqs: ChatFaq[]
  byId: Map<string, ChatFaq>
  index: FaqIndex
  /** Of `faqs`, quoted as the header wants it; the same on every server. */
  etag: string
}

const getActiveFaqs = watchedValue('faqs', async (): Promise<FaqCatalogue> => {
  const rows = await listActiveFaqs()
  const faqs = rows.map(({ id, question, answer, order }) => ({ id, question, answer, order }))
  const etag = `"${createHash('sha256').update(JSON.stringify(faqs)).digest('base64url').slice(0, 22)}"`
  return { faqs, etag, byId: new Map(faqs.map(faq => [faq.id, faq])), index: await buildFaqIndexAsync(rows) }
})

let learned: { from: FaqCatalogue, negatives: unknown, catalogue: FaqCatalogue } | undefined

/**
 * The active FAQs and their index with what has been learned, at most a few seconds old. The index is built in slices
 * between other requests, beside the old one, and swapped whole; what was learned is laid over it without building anew.
 */
export async function getFaqCatalogue(): Promise<FaqCatalogue> {
  const [from, negatives] = await Promise.all([getActiveFaqs(), getNegatives()])
  if (learned?.from !== from || learned.negatives !== negatives) {
    const known = negatives.filter(({ faqId }) => from.byId.has(faqId))
    learned = { from, negatives, catalogue: known.length ? { ...from, index: withNegatives(from.index, known) } : from }
  }
  return learned.catalogue
}

/** Builds what the next question needs, after a start or a change, so that no customer waits for it. */
export async function warmFaqCatalogue(): Promise<void> {
  await getFaqCatalogue()
}
