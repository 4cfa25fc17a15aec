import { loadArtifacts, type MatcherArtifacts } from './artifacts'
import type { FaqIndex, Vectors } from './faq-index'
import { prepareNegatives } from './learning'
import { AlignmentField } from './signals/alignment'
import { fitRidge } from './signals/classifier'
import { characterGrams } from './signals/character-grams'
import { GrowingInts } from './signals/growing-ints'
import { Postings } from './signals/postings'
import { gloveSum, normalise, staticVector } from './signals/vectors'
import { type Analysis, analyse, encoderText, type Term } from './text/analyse'
import { plainSentences } from './text/answer-text'
import { exactKey } from './text/normalise'
import { questionKey } from './text/small-talk'
import { SiteSpeller } from './text/spelling'
import type { MatcherFaq, NegativeExample } from './types'

export interface FaqIndexOptions {
  /** other word tables than the shipped ones: for fitting and tests */
  artifacts?: MatcherArtifacts
  /** what does not belong together, by an admin's or a customer's word */
  negatives?: NegativeExample[]
}

// above this many phrasings, terms found nearly everywhere are left out of the postings to keep a question cheap
const LARGE = 1_000
const COMMON_WORD_SHARE = 0.15
const COMMON_GRAM_SHARE = 0.12
/** Longest time the asynchronous build holds the event loop, in milliseconds. */
const SLICE_MS = 4

interface Phrase { faq: number, text: string, analysis: Analysis }

export function termWeight(index: Pick<FaqIndex, 'termIdf' | 'unseenIdf'>, term: Term): number {
  return Math.max(0.02, (index.termIdf.get(term.key) ?? index.unseenIdf) * term.weight)
}

function* buildSteps(faqs: MatcherFaq[], options: FaqIndexOptions): Generator<void, FaqIndex> {
  const artifacts = options.artifacts ?? loadArtifacts()
  const phrases: Phrase[] = []
  const speller = new SiteSpeller()
  const greekTerms = new Set<string>()
  const phrasesPerFaq = new Int32Array(faqs.length)
  for (const [faq, { question, phrasings }] of faqs.entries()) {
    const seen = new Set<string>()
    for (const text of [question, ...phrasings]) {
      const analysis = analyse(text, { artifacts })
      if (seen.has(analysis.key)) continue
      seen.add(analysis.key)
      phrases.push({ faq, text, analysis })
      phrasesPerFaq[faq]!++
      for (const word of [...analysis.typed, ...analysis.english]) speller.add(word)
      if (analysis.greek) for (const { key } of analysis.terms) if (key.startsWith('γ')) greekTerms.add(key)
    }
    yield
  }
  const { termIdf, unseenIdf } = yield* termFrequencies(phrases, faqs.length)
  const weigh = (term: Term) => termWeight({ termIdf, unseenIdf }, term)
  const large = phrases.length > LARGE
  const wordPostings = new Postings(phrases.length)
  const alignment = new AlignmentField(artifacts)
  for (const [p, { analysis }] of phrases.entries()) {
    wordPostings.add(p, analysis.terms.map(term => [term.key, weigh(term)]))
    alignment.addPhrase(analysis.terms, weigh)
    if (p % 16 === 15) yield
  }
  yield* alignment.finish()
  yield* wordPostings.finish(large ? COMMON_WORD_SHARE : 1)
  const { grams, gramIdf } = yield* buildGrams(phrases, large)
  const vectors = yield* buildVectors(artifacts, phrases, faqs.length)
  const phraseFaq = Int32Array.from(phrases, phrase => phrase.faq)
  const classifier = yield* fitRidge(vectors.statics.data, vectors.statics.width, phraseFaq, faqs.length)
  const answers = yield* buildAnswers(artifacts, faqs)
  const coverage = yield* buildCoverage(artifacts, faqs, phrases)
  const background = yield* buildBackground(artifacts)
  const exact = yield* exactKeys(faqs)
  return {
    artifacts, faqIds: faqs.map(faq => faq.id), exact,
    answersSmallTalk: phrases.some(phrase => phrase.analysis.smallTalk),
    phraseFaq, phrasesPerFaq, phraseTexts: phrases.map(phrase => encoderText(phrase.analysis)), answerTexts: answers.texts, answerFaqs: answers.faqs,
    speller, greekTerms, termIdf, unseenIdf, words: wordPostings, grams, gramIdf, alignment,
    ...vectors, staticAnswers: answers.statics, classifier, coverage, background,
    negatives: prepareNegatives(artifacts, options.negatives ?? []), encoded: null,
  }
}

/**
 * Exact key → FAQ. A question beats a phrasing and a text as it stands beats one without its politeness, so the exact
 * question of a FAQ always finds that FAQ; between equals the first of the list wins.
 */
function* exactKeys(faqs: MatcherFaq[]): Generator<void, Map<string, number>> {
  const ranks: [textsOf: (faq: MatcherFaq) => string[], keyOf: (text: string) => string][] = [
    [faq => [faq.question], exactKey], [faq => [faq.question], questionKey],
    [faq => faq.phrasings, exactKey], [faq => faq.phrasings, questionKey],
  ]
  const exact = new Map<string, number>()
  for (const [textsOf, keyOf] of ranks) {
    for (const [position, faq] of faqs.entries()) {
      for (const text of textsOf(faq)) {
        const key = keyOf(text)
        if (key !== '' && !exact.has(key)) exact.set(key, position)
      }
      if (position % 8 === 7) yield
    }
  }
  return exact
}

function* termFrequencies(phrases: Phrase[], faqCount: number): Generator<void, { termIdf: Map<string, number>, unseenIdf: number }> {
  // phrasings come FAQ by FAQ, so remembering the last one counts each FAQ once
  const holders = new Map<string, { faq: number, count: number }>()
  for (const [p, { faq, analysis }] of phrases.entries()) {
    for (const { key } of analysis.terms) {
      const known = holders.get(key)
      if (!known) holders.set(key, { faq, count: 1 })
      else if (known.faq !== faq) {
        known.faq = faq
        known.count++
      }
    }
    if (p % 64 === 63) yield
  }
  const idf = (faqsWithTerm: number) => Math.log((faqCount + 1) / (faqsWithTerm + 0.5))
  yield
  const termIdf = new Map<string, number>()
  for (const [key, { count }] of holders) termIdf.set(key, idf(count))
  return { termIdf, unseenIdf: idf(0) }
}

function* buildGrams(phrases: Phrase[], large: boolean) {
  const counts = new Map<number, number>()
  // gram and count in turn, phrasing after phrasing: as pairs they would be the largest thing of the whole build
  const flat = new GrowingInts()
  const ends = new Int32Array(phrases.length)
  for (const [p, { analysis }] of phrases.entries()) {
    for (const [gram, count] of characterGrams(analysis)) {
      counts.set(gram, (counts.get(gram) ?? 0) + 1)
      flat.push(gram)
      flat.push(count)
    }
    ends[p] = flat.length
    if (p % 16 === 15) yield
  }
  const gramIdf = new Map<number, number>()
  for (const [gram, count] of counts) {
    gramIdf.set(gram, Math.log(1 + phrases.length / count))
    if (gramIdf.size % 8_192 === 0) yield
  }
  const grams = new Postings(phrases.length)
  const { values } = flat
  for (let p = 0; p < phrases.length; p++) {
    const vector: [gram: number, weight: number][] = []
    for (let i = p ? ends[p - 1]! : 0; i < ends[p]!; i += 2) vector.push([values[i]!, (1 + Math.log(values[i + 1]!)) * gramIdf.get(values[i]!)!])
    grams.add(p, vector)
    if (p % 16 === 15) yield
  }
  yield* grams.finish(large ? COMMON_GRAM_SHARE : 1)
  return { grams, gramIdf }
}

/** The mean direction of each group's rows, in steps. */
export function* centroids({ width, data }: Vectors, groups: ArrayLike<number>, count: number): Generator<void, Vectors> {
  const out = new Float32Array(count * width)
  for (let row = 0; row < groups.length; row++) {
    const to = groups[row]! * width
    for (let k = 0; k < width; k++) out[to + k]! += data[row * width + k]!
    if (row % 64 === 63) yield
  }
  for (let g = 0; g < count; g++) {
    normalise(out.subarray(g * width, (g + 1) * width))
    if (g % 64 === 63) yield
  }
  return { width, data: out }
}

function* buildVectors(artifacts: MatcherArtifacts, phrases: Phrase[], faqCount: number) {
  const statics = { width: artifacts.staticMetric.outputs, data: new Float32Array(phrases.length * artifacts.staticMetric.outputs) }
  const glove = { width: artifacts.gloveWidth, data: new Float32Array(phrases.length * artifacts.gloveWidth) }
  const gloveMean = new Float32Array(artifacts.gloveWidth)
  for (const [p, { analysis }] of phrases.entries()) {
    staticVector(artifacts, analysis.english, statics.data.subarray(p * statics.width, (p + 1) * statics.width))
    const sum = gloveSum(artifacts, analysis.english, glove.data.subarray(p * glove.width, (p + 1) * glove.width))
    for (let k = 0; k < gloveMean.length; k++) gloveMean[k]! += (sum?.[k] ?? 0) / phrases.length
    // words met for the first time cost most, and the first phrasings have most of them
    if (p % 2 === 1) yield
  }
  // most of the site's common direction is taken out: it says "this site", not "this FAQ"
  for (let k = 0; k < gloveMean.length; k++) gloveMean[k]! *= 0.7
  for (let p = 0; p < phrases.length; p++) {
    const row = glove.data.subarray(p * glove.width, (p + 1) * glove.width)
    if (row.every(value => value === 0)) continue
    for (let k = 0; k < row.length; k++) row[k]! -= gloveMean[k]!
    normalise(row)
    if (p % 64 === 63) yield
  }
  const staticCentroids = yield* centroids(statics, phrases.map(phrase => phrase.faq), faqCount)
  return { statics, staticCentroids, glove, gloveMean }
}

function* buildAnswers(artifacts: MatcherArtifacts, faqs: MatcherFaq[]) {
  const texts: string[] = []
  const owners: number[] = []
  const rows: Float32Array[] = []
  const width = artifacts.staticMetric.outputs
  for (const [faq, { answer }] of faqs.entries()) {
    for (const sentence of plainSentences(answer)) {
      const analysis = analyse(sentence, { artifacts })
      texts.push(encoderText(analysis))
      owners.push(faq)
      rows.push(staticVector(artifacts, analysis.english) ?? new Float32Array(width))
    }
    yield
  }
  const data = new Float32Array(rows.length * width)
  rows.forEach((row, i) => data.set(row, i * width))
  return { texts, faqs: Int32Array.from(owners), statics: { width, data } }
}

function* buildCoverage(artifacts: MatcherArtifacts, faqs: MatcherFaq[], phrases: Phrase[]) {
  const holders = new Map<string, Set<number>>()
  const add = (key: string, faq: number) => {
    let set = holders.get(key)
    if (!set) holders.set(key, set = new Set())
    set.add(faq)
  }
  for (const [p, { faq, analysis }] of phrases.entries()) {
    if (faqs[faq]!.answer) for (const { key } of analysis.terms) add(key, faq)
    if (p % 64 === 63) yield
  }
  for (const [faq, { answer }] of faqs.entries()) {
    if (answer) for (const { key } of analyse(answer, { artifacts }).terms) add(key, faq)
    yield
  }
  const coverage = new Map<string, Int32Array>()
  for (const [key, set] of holders) {
    coverage.set(key, Int32Array.from(set))
    if (coverage.size % 1_024 === 0) yield
  }
  return coverage
}

const backgrounds = new WeakMap<MatcherArtifacts, Vectors>()

function* buildBackground(artifacts: MatcherArtifacts): Generator<void, Vectors> {
  const known = backgrounds.get(artifacts)
  if (known) return known
  const width = artifacts.staticMetric.outputs
  const rows: Float32Array[] = []
  for (const text of artifacts.background) {
    rows.push(staticVector(artifacts, analyse(text, { artifacts }).english) ?? new Float32Array(width))
    if (rows.length % 2 === 0) yield
  }
  const data = new Float32Array(rows.length * width)
  rows.forEach((row, i) => data.set(row, i * width))
  const vectors = { width, data }
  backgrounds.set(artifacts, vectors)
  return vectors
}

/** Builds the index of one site's active FAQs at once: for tests, scripts and small sites. */
export function buildFaqIndex(faqs: MatcherFaq[], options: FaqIndexOptions = {}): FaqIndex {
  const steps = buildSteps(faqs, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** As `buildFaqIndex`, in slices of a few milliseconds with other requests served in between. */
export async function buildFaqIndexAsync(faqs: MatcherFaq[], options: FaqIndexOptions = {}): Promise<FaqIndex> {
  const steps = buildSteps(faqs, options)
  let until = performance.now() + SLICE_MS
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < until) continue
    await new Promise(resolve => setImmediate(resolve))
    until = performance.now() + SLICE_MS
  }
}

/** The index with another list of negatives, at once: nothing else is rebuilt. */
export function withNegatives(index: FaqIndex, negatives: NegativeExample[]): FaqIndex {
  return { ...index, negatives: prepareNegatives(index.artifacts, negatives) }
}

export type { FaqIndex } from './faq-index'
