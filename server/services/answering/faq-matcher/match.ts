import { decide } from './decide'
import { currentEncoder, encodedVersion } from './encoder/encoder-service'
import type { FaqIndex } from './faq-index'
import { FULL_PENALTY, penaltiesFor } from './learning'
import { type ModeModel, probability, rankFaqs, type RankedSite } from './rank'
import { ALL_SIGNALS, scoreSignals, type SignalTable } from './signals/score'
import { analyse, type Analysis, encoderText } from './text/analyse'
import { exactKey } from './text/normalise'
import { segments } from './text/sentences'
import { questionKey } from './text/small-talk'
import type { FaqMatch, RankedFaq, Strictness } from './types'

export interface MatchOptions {
  strictness: Strictness
  /** true: say what each signal found, for the admin's "why this answer" */
  explain?: boolean
}

/** Suggestions and rankings name this many FAQs at most. */
const MAX_RANKED = 5
/** Between these probabilities the words leave a doubt, and the sentence encoder is worth its 20 ms. */
const DOUBT = { from: 0.02, to: 0.93 }

interface Reading {
  whole: Analysis
  parts: Analysis[]
}

const NOTHING: FaqMatch = { decision: 'forward', ranked: [], usedEncoder: false }

/** Finds the FAQ that answers the question: words only, synchronous, no I/O. */
export function matchFaq(index: FaqIndex, question: string, options: MatchOptions): FaqMatch {
  return matchExactly(index, question) ?? matchRead(index, read(index, question), null, options)
}

/**
 * As `matchFaq`; asks the sentence encoder when the words alone leave a doubt and the encoder is there.
 * Never fails because of the encoder: the fast path's answer stands.
 */
export async function matchFaqWithEncoder(index: FaqIndex, question: string, options: MatchOptions): Promise<FaqMatch> {
  const exact = matchExactly(index, question)
  if (exact) return exact
  const reading = read(index, question)
  const fast = matchRead(index, reading, null, options)
  const best = fast.ranked[0]?.score ?? 0
  if (best <= DOUBT.from || best >= DOUBT.to) return fast
  const encoded = encodedVersion(index)
  if (!encoded) return fast
  const vectors = await currentEncoder()?.encode([reading.whole, ...reading.parts].map(encoderText))
  return vectors ? matchRead(encoded, reading, vectors, options) : fast
}

function matchExactly(index: FaqIndex, question: string): FaqMatch | null {
  const faq = index.exact.get(exactKey(question)) ?? index.exact.get(questionKey(question))
  if (faq === undefined) return null
  return { decision: 'answer', ranked: [{ faqId: index.faqIds[faq]!, score: 1 }], usedEncoder: false }
}

function read(index: FaqIndex, question: string): Reading {
  const options = { artifacts: index.artifacts, speller: index.speller, greekTerms: index.greekTerms }
  return { whole: analyse(question, options), parts: segments(question).map(part => analyse(part, options)) }
}

function matchRead(index: FaqIndex, { whole, parts }: Reading, vectors: Float32Array[] | null, options: MatchOptions): FaqMatch {
  if (whole.typed.length === 0 || (whole.smallTalk && !index.answersSmallTalk)) return NOTHING
  const { model } = index.artifacts
  const mode = vectors ? model.encoder : model.fast
  const table = scoreSignals(index, whole, vectors?.[0] ?? null)
  const partTables = parts.map((part, i) => scoreSignals(index, part, vectors?.[i + 1] ?? null))
  const penalties = new Map<number, number>()
  for (const [faqId, penalty] of penaltiesFor(index.artifacts, whole, index.negatives)) penalties.set(index.faqIds.indexOf(faqId), penalty)
  const site = rankFaqs(index, mode, model.segmentShare, table, partTables, penalties)
  if (site.order.length === 0) return NOTHING
  // Where what was learned leaves no other candidate in front, it speaks against the one that is left.
  const best = probability(mode, site.features) * (1 - (penalties.get(site.order[0]!) ?? 0) / FULL_PENALTY)
  return {
    decision: decide(best, options.strictness),
    ranked: site.order.slice(0, MAX_RANKED).map(faq => rankedFaq(index, site, faq, best, mode, options.explain ? table : null)),
    usedEncoder: vectors !== null,
  }
}

function rankedFaq(index: FaqIndex, site: RankedSite, faq: number, best: number, mode: ModeModel, table: SignalTable | null): RankedFaq {
  const score = best * Math.exp(site.scores[faq]! - site.scores[site.order[0]!]!)
  const ranked: RankedFaq = { faqId: index.faqIds[faq]!, score }
  if (table) ranked.signals = Object.fromEntries(mode.signals.map(name => [name, table.values[faq * table.columns + ALL_SIGNALS.indexOf(name)]!]))
  return ranked
}
