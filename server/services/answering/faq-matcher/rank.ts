import type { FaqIndex } from './faq-index'
import { ALL_SIGNALS, type SignalTable } from './signals/score'

type SignalName = typeof ALL_SIGNALS[number]

/** Weights for one mode of matching: words alone, or with the sentence encoder. */
export interface ModeModel {
  signals: SignalName[]
  /** weight of each signal in a FAQ's score */
  weights: number[]
  /** logistic regression "the best FAQ is right" on the standardised features of `decisionFeatures` */
  decision: { features: string[], mean: number[], scale: number[], weights: number[], bias: number }
}

/** Everything fitted by `npm run matcher:build`, in model.json. */
export interface RankerModel {
  /** share of the best sentence in the score of a message of several sentences */
  segmentShare: number
  fast: ModeModel
  encoder: ModeModel
}

export interface RankedSite {
  /** positions of FAQs, best first */
  order: number[]
  /** score of each FAQ of the site; −Infinity for those that were no candidates */
  scores: Float64Array
  /** "this FAQ is right" features of the best one, in the order of the model */
  features: number[]
}

const LIMIT = 4

function scoreOf(table: SignalTable, faq: number, columns: number[], weights: number[]): number {
  let sum = 0
  for (let c = 0; c < columns.length; c++) sum += weights[c]! * table.values[faq * table.columns + columns[c]!]!
  return sum
}

/**
 * Orders the FAQs by the weighted sum of their signals. `whole` is the message, `parts` its sentences and clauses;
 * a FAQ that one part asks for outright is lifted towards that part's score.
 * `penalties` are subtracted: what customers and admins said does not belong together.
 */
export function rankFaqs(index: FaqIndex, mode: ModeModel, segmentShare: number, whole: SignalTable, parts: SignalTable[], penalties?: ReadonlyMap<number, number>): RankedSite {
  const columns = mode.signals.map(name => ALL_SIGNALS.indexOf(name))
  const faqs = index.faqIds.length
  const scores = new Float64Array(faqs).fill(-Infinity)
  for (const faq of new Set([whole, ...parts].flatMap(table => [...table.candidates]))) {
    const own = scoreOf(whole, faq, columns, mode.weights)
    let best = own
    for (const part of parts) best = Math.max(best, scoreOf(part, faq, columns, mode.weights))
    scores[faq] = own + segmentShare * (best - own) - (penalties?.get(faq) ?? 0)
  }
  const order = [...scores.keys()].filter(faq => scores[faq]! > -Infinity).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const features = order.length ? decisionFeatures(index, mode, columns, segmentShare, whole, parts, scores, order) : []
  return { order, scores, features }
}

/** What the decision looks at; `decisionFeatureNames` names them in this order. */
function decisionFeatures(index: FaqIndex, mode: ModeModel, columns: number[], share: number, whole: SignalTable, parts: SignalTable[], scores: Float64Array, order: number[]): number[] {
  const best = order[0]!
  const first = scores[best]!
  const second = scores[order[1] ?? -1] ?? 0
  const third = scores[order[2] ?? order[1] ?? -1] ?? 0
  let sum = 0
  for (const faq of order) sum += Math.exp(scores[faq]! - first)
  let entropy = 0
  for (const faq of order) {
    const p = Math.exp(scores[faq]! - first) / sum
    entropy -= p * Math.log(p + 1e-12)
  }
  const top = columns.map(c => whole.values[best * whole.columns + c]!)
  const evidence = { ...whole.evidence }
  const own = scoreOf(whole, best, columns, mode.weights)
  let bestPart: SignalTable | null = null
  let bestPartScore = own
  for (const part of parts) {
    const score = scoreOf(part, best, columns, mode.weights)
    if (score > bestPartScore) {
      bestPart = part
      bestPartScore = score
    }
  }
  if (bestPart) {
    const blend = (a: number, b: number) => (1 - share) * a + share * b
    columns.forEach((c, i) => top[i] = blend(top[i]!, bestPart.values[best * bestPart.columns + c]!))
    evidence.known = blend(evidence.known, bestPart.evidence.known)
    evidence.backgroundStatic = blend(evidence.backgroundStatic, bestPart.evidence.backgroundStatic)
    evidence.backgroundEncoder = blend(evidence.backgroundEncoder, bestPart.evidence.backgroundEncoder)
  }
  const words = Math.log1p(evidence.words)
  const features = [
    first, Math.log1p(first - second), first - second, Math.log1p(first - third), 1 / sum, Math.log1p(entropy),
    evidence.known, words, Math.log(index.phrasesPerFaq[best]!), agreement(whole, columns, best),
    evidence.backgroundStatic, top[mode.signals.indexOf('static')]! - evidence.backgroundStatic,
    parts.length > 0 ? 1 : 0, Math.log(index.faqIds.length), index.staticAnswers.data.length > 0 ? 1 : 0,
    evidence.known * first, words * first,
  ]
  if (mode.signals.includes('encoder')) {
    features.push(evidence.backgroundEncoder, top[mode.signals.indexOf('metric')]! - evidence.backgroundEncoder)
  }
  return [...features, ...top, ...standOut(whole, columns, best)]
}

const DECISION_FEATURES = [
  'score', 'logGap', 'gap', 'logGap3', 'share', 'entropy', 'known', 'length', 'phrasings', 'agreement',
  'backgroundStatic', 'staticMargin', 'parts', 'faqs', 'answers', 'known×score', 'length×score',
]

/** Names of the decision's features, in order. */
export function decisionFeatureNames(signals: readonly SignalName[]): string[] {
  const encoder = signals.includes('encoder') ? ['backgroundEncoder', 'encoderMargin'] : []
  return [...DECISION_FEATURES, ...encoder, ...signals, ...signals.map(name => `${name} distance`), ...signals.map(name => `${name} lead`)]
}

/**
 * How the best FAQ stands out, signal by signal: its distance from the candidates' mean in standard deviations,
 * then its lead over the best of the others.
 */
function standOut(table: SignalTable, columns: number[], faq: number): number[] {
  const distances: number[] = []
  const leads: number[] = []
  for (const c of columns) {
    const own = table.values[faq * table.columns + c]!
    let sum = 0
    let squares = 0
    let rival = -1
    for (const candidate of table.candidates) {
      const value = table.values[candidate * table.columns + c]!
      sum += value
      squares += value * value
      if (candidate !== faq && value > rival) rival = value
    }
    const mean = sum / table.candidates.length
    distances.push((own - mean) / (Math.sqrt(Math.max(0, squares / table.candidates.length - mean * mean)) + 1e-3))
    leads.push(table.candidates.length > 1 ? own - rival : own)
  }
  return [...distances, ...leads]
}

/** Share of the signals whose own favourite is this FAQ. */
function agreement(table: SignalTable, columns: number[], faq: number): number {
  let agreeing = 0
  for (const c of columns) {
    let best = -1
    let bestValue = -Infinity
    for (const candidate of table.candidates) {
      const value = table.values[candidate * table.columns + c]!
      if (value > bestValue || (value === bestValue && candidate < best)) {
        best = candidate
        bestValue = value
      }
    }
    if (best === faq) agreeing++
  }
  return agreeing / columns.length
}

/** Probability that the best FAQ answers the question. */
export function probability(mode: ModeModel, features: number[]): number {
  const { mean, scale, weights, bias } = mode.decision
  let z = bias
  for (let i = 0; i < features.length; i++) {
    z += weights[i]! * Math.max(-LIMIT, Math.min(LIMIT, (features[i]! - mean[i]!) / scale[i]!))
  }
  return 1 / (1 + Math.exp(-z))
}
