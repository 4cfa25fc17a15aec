import { createHash } from 'node:crypto'
import { listActiveFaqs, type FaqWithPhrasings } from '#server/db/faqs'
import { buildFaqIndexAsync, withNegatives, type FaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import type { NegativeExample } from '#server/services/answering/faq-matcher/types'
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

const getActiveFaqs = watchedValue('faqs', async () => buildCatalogue(await listActiveFaqs()))

async function buildCatalogue(rows: Pick<FaqWithPhrasings, 'id' | 'question' | 'answer' | 'order' | 'phrasings'>[]): Promise<FaqCatalogue> {
  const faqs = rows.map(({ id, question, answer, order }) => ({ id, question, answer, order }))
  const etag = `"${createHash('sha256').update(JSON.stringify(faqs)).digest('base64url').slice(0, 22)}"`
  return { faqs, etag, byId: new Map(faqs.map(faq => [faq.id, faq])), index: await buildFaqIndexAsync(rows) }
}

const withLearned = (from: FaqCatalogue, negatives: NegativeExample[]): FaqCatalogue => {
  const known = negatives.filter(({ faqId }) => from.byId.has(faqId))
  return known.length ? { ...from, index: withNegatives(from.index, known) } : from
}

let learned: { from: FaqCatalogue, negatives: unknown, catalogue: FaqCatalogue } | undefined

/**
 * The active FAQs and their index with what has been learned, at most a few seconds old. The index is built in slices
 * between other requests, beside the old one, and swapped whole; what was learned is laid over it without building anew.
 */
export async function getFaqCatalogue(): Promise<FaqCatalogue> {
  const [from, negatives] = await Promise.all([getActiveFaqs(), getNegatives()])
  if (learned?.from !== from || learned.negatives !== negatives) {
    learned = { from, negatives, catalogue: withLearned(from, negatives) }
  }
  return learned.catalogue
}

/** A FAQ as somebody is writing it; without an id a new one. */
export interface FaqDraft { id: string | null, question: string, answer: string, phrasings: string[], isActive: boolean }
/** What a new FAQ is called while it is only a draft. */
export const DRAFT_ID = 'draft'

const KEPT_DRAFTS = 4
let drafts: { live: FaqCatalogue, key: string, catalogue: Promise<FaqCatalogue> }[] = []

/** The catalogue as it would be with a FAQ as drafted: in its place, new at the end, or gone where it is not active. Stores nothing; the last few are kept in memory. */
export async function draftCatalogue(draft: FaqDraft): Promise<FaqCatalogue> {
  const live = await getFaqCatalogue()
  const key = JSON.stringify(draft)
  drafts = drafts.filter(kept => kept.live === live).slice(-KEPT_DRAFTS)
  const known = drafts.find(kept => kept.key === key)
  if (known) return known.catalogue
  const catalogue = makeDraft(draft)
  drafts.push({ live, key, catalogue })
  catalogue.catch(() => drafts = drafts.filter(kept => kept.catalogue !== catalogue))
  return catalogue
}

async function makeDraft({ id, isActive, ...texts }: FaqDraft): Promise<FaqCatalogue> {
  const [rows, negatives] = await Promise.all([listActiveFaqs(), getNegatives()])
  const drafted = { id: id ?? DRAFT_ID, order: Number.MAX_SAFE_INTEGER, ...texts }
  const others = rows.filter(row => row.id !== drafted.id)
  return withLearned(await buildCatalogue(isActive ? [...others, drafted] : others), negatives)
}

/** Builds what the next question needs, after a start or a change, so that no customer waits for it. */
export async function warmFaqCatalogue(): Promise<void> {
  await getFaqCatalogue()
}
