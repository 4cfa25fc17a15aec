import { type EncoderSpace, scaled } from '../encoder/encoder-space'
import type { FaqIndex, Vectors } from '../faq-index'
import { termWeight } from '../index-builder'
import type { Analysis, Term } from '../text/analyse'
import { heaviestOf } from './alignment'
import { characterGrams } from './character-grams'
import { dot, gloveSum, normalise, staticVector } from './vectors'

/** Signals of the fast path, in the order of the columns. */
export const FAST_SIGNALS = [
  'words', 'grams', 'questionCovered', 'phrasingCovered', 'keyword', 'answerWords', 'answerVector', 'glove', 'static', 'staticCentroid', 'staticPair', 'classifier',
] as const
/** What the sentence encoder adds. */
export const ENCODER_SIGNALS = [
  'encoder', 'encoderCentroid', 'metric', 'metricCentroid', 'metricPair', 'answerEncoder', 'encoderClassifier',
] as const
export const ALL_SIGNALS = [...FAST_SIGNALS, ...ENCODER_SIGNALS] as const
const column = Object.fromEntries(ALL_SIGNALS.map((name, i) => [name, i])) as Record<typeof ALL_SIGNALS[number], number>

/** How far the question's vectors lie from everyday talk, and how much of it the site's words cover. */
export interface QueryEvidence {
  /** share of the question's weight in words that the site knows */
  known: number
  words: number
  /** best cosine with a background question */
  backgroundStatic: number
  backgroundEncoder: number
}

export interface SignalTable {
  columns: number
  /** signal c of FAQ f at f * columns + c */
  values: Float32Array
  /** FAQs worth ranking; the others' later columns are not filled in */
  candidates: Int32Array
  evidence: QueryEvidence
}

// sites with more FAQs than this get the costly signals for the most promising ones only
const MAX_CANDIDATES = 64

/** Best cosine of each FAQ's rows with the query, into one column. */
function writeBestCosine(vectors: Vectors, query: Float32Array, groups: Int32Array, rows: Int32Array, values: Float32Array, columns: number, at: number): void {
  const { width, data } = vectors
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const cosine = dot(query, data, width, 0, row * width)
    const to = groups[row]! * columns + at
    if (cosine > values[to]!) values[to] = cosine
  }
}

/** As `writeBestCosine`, and the mean of the two best into a second column; the best alone when the FAQ has one phrasing. */
function writeTwoBest(vectors: Vectors, query: Float32Array, index: FaqIndex, rows: CandidateRows, values: Float32Array, columns: number, at: number, pairAt: number): void {
  const { width, data } = vectors
  const second = new Float32Array(index.faqIds.length)
  for (let i = 0; i < rows.phrases.length; i++) {
    const row = rows.phrases[i]!
    const cosine = dot(query, data, width, 0, row * width)
    const faq = index.phraseFaq[row]!
    const to = faq * columns + at
    if (cosine > values[to]!) {
      second[faq] = values[to]!
      values[to] = cosine
    }
    else if (cosine > second[faq]!) second[faq] = cosine
  }
  for (let faq = 0; faq < second.length; faq++) {
    const best = values[faq * columns + at]!
    values[faq * columns + pairAt] = index.phrasesPerFaq[faq]! > 1 ? (best + second[faq]!) / 2 : best
  }
}

/** Best value of each FAQ's phrasings, into one column. */
function writeBest(scores: Float32Array, phraseFaq: Int32Array, values: Float32Array, columns: number, at: number): void {
  for (let p = 0; p < scores.length; p++) {
    const i = phraseFaq[p]! * columns + at
    if (scores[p]! > values[i]!) values[i] = scores[p]!
  }
}

/** x × weights, one sum a FAQ, into one column. */
function writeClassifier(x: Float32Array, weights: Float32Array, faqs: number, values: Float32Array, columns: number, at: number): void {
  const sums = new Float32Array(faqs)
  for (let i = 0; i < x.length; i++) {
    const factor = x[i]!
    const from = i * faqs
    for (let f = 0; f < faqs; f++) sums[f]! += factor * weights[from + f]!
  }
  for (let f = 0; f < faqs; f++) values[f * columns + at] = sums[f]!
}

function writeCentroids(query: Float32Array, centroids: Vectors, faqs: number, values: Float32Array, columns: number, at: number): void {
  for (let f = 0; f < faqs; f++) values[f * columns + at] = dot(query, centroids.data, centroids.width, 0, f * centroids.width)
}

function nearest(vectors: Vectors, query: Float32Array): number {
  let best = 0
  for (let from = 0; from < vectors.data.length; from += vectors.width) {
    const cosine = dot(query, vectors.data, vectors.width, 0, from)
    if (cosine > best) best = cosine
  }
  return best
}

/**
 * Every signal for every FAQ, for one question or a part of one.
 * `encoded` is the question's encoder vector (unit length) or null.
 */
export function scoreSignals(index: FaqIndex, analysis: Analysis, encoded: Float32Array | null): SignalTable {
  const faqs = index.faqIds.length
  const columns = ALL_SIGNALS.length
  const values = new Float32Array(faqs * columns)
  const weigh = (term: Term) => termWeight(index, term)

  let total = 0
  let known = 0
  const query = new Map<string | number, number>()
  for (const term of analysis.terms) {
    const weight = weigh(term)
    query.set(term.key, weight)
    total += weight
    if (index.termIdf.has(term.key)) known += weight
  }
  writeBest(index.words.score(query), index.phraseFaq, values, columns, column.words)

  const gramQuery = new Map<string | number, number>()
  for (const [gram, count] of characterGrams(analysis)) {
    gramQuery.set(gram, (1 + Math.log(count)) * (index.gramIdf.get(gram) ?? Math.log(1 + 2 * index.phraseFaq.length)))
  }
  writeBest(index.grams.score(gramQuery), index.phraseFaq, values, columns, column.grams)

  const keyword = heaviestOf(analysis.terms, weigh)
  if (keyword) for (const faq of index.coverage.get(keyword.key) ?? []) values[faq * columns + column.keyword] = 1
  for (const term of analysis.terms) {
    for (const faq of index.coverage.get(term.key) ?? []) values[faq * columns + column.answerWords]! += weigh(term) / (total || 1)
  }

  const statics = staticVector(index.artifacts, analysis.english)
  const plain = encoded && index.encoded ? index.encoded.space.prepare(encoded) : null
  const metric = plain && index.encoded!.space.project(plain)
  if (statics) {
    writeCentroids(statics, index.staticCentroids, faqs, values, columns, column.staticCentroid)
    writeClassifier(statics, index.classifier, faqs, values, columns, column.classifier)
  }
  if (metric) {
    writeCentroids(metric, index.encoded!.metricCentroids, faqs, values, columns, column.metricCentroid)
    const both = joinVectors(metric, statics, index.artifacts.staticMetric.outputs)
    writeClassifier(both, index.encoded!.classifier, faqs, values, columns, column.encoderClassifier)
  }
  const candidates = chooseCandidates(values, columns, faqs)
  const rows = rowsOf(candidates, index)
  scoreAlignment(index, analysis, rows.phrases, values, columns, weigh)
  if (statics) scoreStatic(index, statics, rows, values, columns)
  if (metric) scoreEncoded(index, plain!, metric, candidates, rows, values, columns)
  const evidence: QueryEvidence = {
    known: known / (total || 1),
    words: analysis.typed.length,
    backgroundStatic: statics ? nearest(index.background, statics) : 0,
    backgroundEncoder: metric ? scaled(nearest({ width: metric.length, data: index.encoded!.space.background }, metric), index.encoded!.space.metric) : 0,
  }
  return { columns, values, candidates, evidence }
}

interface CandidateRows { phrases: Int32Array, answers: Int32Array }

/** Phrasings and answer sentences of the candidates. */
function rowsOf(candidates: Int32Array, index: FaqIndex): CandidateRows {
  const wanted = new Uint8Array(index.faqIds.length)
  for (const faq of candidates) wanted[faq] = 1
  const pick = (owners: Int32Array) => {
    const rows: number[] = []
    for (let row = 0; row < owners.length; row++) if (wanted[owners[row]!]) rows.push(row)
    return Int32Array.from(rows)
  }
  return { phrases: pick(index.phraseFaq), answers: pick(index.answerFaqs) }
}

function scoreStatic(index: FaqIndex, statics: Float32Array, rows: CandidateRows, values: Float32Array, columns: number): void {
  writeTwoBest(index.statics, statics, index, rows, values, columns, column.static, column.staticPair)
  writeBestCosine(index.staticAnswers, statics, index.answerFaqs, rows.answers, values, columns, column.answerVector)
}

function scoreEncoded(index: FaqIndex, plain: Float32Array, metric: Float32Array, candidates: Int32Array, rows: CandidateRows, values: Float32Array, columns: number): void {
  const encoded = index.encoded!
  writeBestCosine(encoded.plain, plain, index.phraseFaq, rows.phrases, values, columns, column.encoder)
  writeTwoBest(encoded.metric, metric, index, rows, values, columns, column.metric, column.metricPair)
  writeBestCosine(encoded.answers, metric, encoded.answerFaqs, rows.answers, values, columns, column.answerEncoder)
  for (const f of candidates) {
    values[f * columns + column.encoderCentroid] = dot(plain, encoded.plainCentroids.data, plain.length, 0, f * plain.length)
  }
  rescale(values, columns, encoded.space)
}

/** Brings another model's cosines to the built-in encoder's scale; what was not filled in stays zero. */
function rescale(values: Float32Array, columns: number, { plain, metric }: EncoderSpace): void {
  const scales = [
    [plain, column.encoder], [plain, column.encoderCentroid],
    [metric, column.metric], [metric, column.metricPair], [metric, column.metricCentroid], [metric, column.answerEncoder],
  ] as const
  for (const [scale, at] of scales) {
    if (scale.factor === 1 && scale.offset === 0) continue
    for (let i = at; i < values.length; i += columns) if (values[i] !== 0) values[i] = Math.max(0, scaled(values[i]!, scale))
  }
}

/** Encoder and static vectors side by side, as the joint classifier wants them. 0.7: the static one is the weaker. */
export function joinVectors(metric: Float32Array, statics: Float32Array | null, staticWidth: number): Float32Array {
  const both = new Float32Array(metric.length + staticWidth)
  both.set(metric)
  if (statics) for (let k = 0; k < staticWidth; k++) both[metric.length + k] = 0.7 * statics[k]!
  return both
}

function chooseCandidates(values: Float32Array, columns: number, faqs: number): Int32Array {
  if (faqs <= MAX_CANDIDATES) return Int32Array.from({ length: faqs }, (_, f) => f)
  const score = new Float32Array(faqs)
  for (let f = 0; f < faqs; f++) {
    const at = f * columns
    score[f] = values[at + column.words]! + values[at + column.grams]! + values[at + column.staticCentroid]! + values[at + column.classifier]!
      + 0.3 * values[at + column.answerWords]! + values[at + column.metricCentroid]! + values[at + column.encoderClassifier]!
  }
  const least = score.slice().sort()[faqs - MAX_CANDIDATES]!
  const chosen = new Int32Array(MAX_CANDIDATES)
  let count = 0
  // first what is better than the last place's score, then as many equals as still find room
  for (let f = 0; f < faqs; f++) if (score[f]! > least) chosen[count++] = f
  for (let f = 0; f < faqs && count < MAX_CANDIDATES; f++) if (score[f] === least) chosen[count++] = f
  return chosen
}

function scoreAlignment(index: FaqIndex, analysis: Analysis, phrases: Int32Array, values: Float32Array, columns: number, weigh: (term: Term) => number): void {
  const { question, phrasing, heaviest } = index.alignment.score(analysis.terms, weigh, phrases)
  const glove = gloveSum(index.artifacts, analysis.english)
  if (glove) {
    for (let k = 0; k < glove.length; k++) glove[k]! -= index.gloveMean[k]!
    normalise(glove)
  }
  const { width, data } = index.glove
  for (let i = 0; i < phrases.length; i++) {
    const p = phrases[i]!
    const at = index.phraseFaq[p]! * columns
    // both shares of the phrasing with the greater sum: they belong together
    if (question[i]! + phrasing[i]! > values[at + column.questionCovered]! + values[at + column.phrasingCovered]!) {
      values[at + column.questionCovered] = question[i]!
      values[at + column.phrasingCovered] = phrasing[i]!
    }
    if (heaviest[i]! > values[at + column.keyword]!) values[at + column.keyword] = heaviest[i]!
    if (!glove) continue
    const cosine = dot(glove, data, width, 0, p * width)
    if (cosine > values[at + column.glove]!) values[at + column.glove] = cosine
  }
}
