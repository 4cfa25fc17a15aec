import type { FaqIndex } from '../../server/services/answering/faq-matcher/faq-index'
import { decisionFeatureNames, type ModeModel, rankFaqs } from '../../server/services/answering/faq-matcher/rank'
import { ALL_SIGNALS, FAST_SIGNALS, type SignalTable } from '../../server/services/answering/faq-matcher/signals/score'
import { minimise } from './linear-algebra'

/** A question of a training site with all its signals. */
export interface ScoredQuery {
  whole: SignalTable
  parts: SignalTable[]
  /** position of the right FAQ, −1: none */
  gold: number
}

export interface ScoredSite {
  name: string
  source: string
  weight: number
  index: FaqIndex
  queries: ScoredQuery[]
}

const RANKER_L2 = 1e-3
const DECISION_L2 = 3e-3

/** Fits one mode: first the order of the FAQs, then "the best one is right". */
export function fitMode(mode: 'fast' | 'encoder', sites: ScoredSite[], segmentShare: number): ModeModel {
  // on left-out sites `keyword` helped where words stand alone and cost the encoder 0.9 points of right decisions
  const signals = mode === 'fast' ? [...FAST_SIGNALS] : ALL_SIGNALS.filter(name => name !== 'keyword')
  const weights = fitWeights(sites, signals.map(name => ALL_SIGNALS.indexOf(name)))
  const features = decisionFeatureNames(signals)
  const model: ModeModel = { signals, weights, decision: { features, mean: [], scale: [], weights: [], bias: 0 } }
  model.decision = { features, ...fitDecision(sites, model, segmentShare) }
  return model
}

/** Softmax regression over a site's FAQs, every site with its own weight whatever its number of questions. */
function fitWeights(sites: ScoredSite[], columns: number[]): number[] {
  const total = sites.reduce((sum, site) => sum + site.weight, 0)
  const examples = sites.flatMap((site) => {
    const inside = site.queries.filter(query => query.gold >= 0)
    return inside.map(query => ({ query, weight: site.weight / total / inside.length, faqs: site.index.faqIds.length }))
  })
  return Array.from(minimise(new Float64Array(columns.length).fill(1), (w, gradient) => {
    let loss = 0
    for (const { query, weight, faqs } of examples) {
      const { values, columns: stride } = query.whole
      const scores = new Float64Array(faqs)
      for (let f = 0; f < faqs; f++) for (let c = 0; c < columns.length; c++) scores[f]! += w[c]! * values[f * stride + columns[c]!]!
      const top = scores.reduce((a, b) => Math.max(a, b))
      let sum = 0
      for (let f = 0; f < faqs; f++) sum += scores[f] = Math.exp(scores[f]! - top)
      loss -= weight * Math.log(scores[query.gold]! / sum + 1e-12)
      for (let f = 0; f < faqs; f++) {
        const error = weight * (scores[f]! / sum - (f === query.gold ? 1 : 0))
        for (let c = 0; c < columns.length; c++) gradient[c]! += error * values[f * stride + columns[c]!]!
      }
    }
    for (let c = 0; c < w.length; c++) {
      loss += RANKER_L2 * w[c]! ** 2
      gradient[c]! += 2 * RANKER_L2 * w[c]!
    }
    return loss
  }))
}

function fitDecision(sites: ScoredSite[], model: ModeModel, segmentShare: number) {
  const total = sites.reduce((sum, site) => sum + site.weight, 0)
  const examples = sites.flatMap(site => site.queries.map(({ whole, parts, gold }) => {
    const { order, features } = rankFaqs(site.index, model, segmentShare, whole, parts)
    return { features, right: order[0] === gold ? 1 : 0, weight: site.weight / total / site.queries.length }
  }))
  const n = examples[0]!.features.length
  const mean = new Array<number>(n).fill(0)
  const scale = new Array<number>(n).fill(0)
  for (const { features, weight } of examples) features.forEach((x, i) => mean[i]! += weight * x)
  for (const { features, weight } of examples) features.forEach((x, i) => scale[i]! += weight * (x - mean[i]!) ** 2)
  scale.forEach((variance, i) => scale[i] = Math.sqrt(variance) + 1e-6)
  const inputs = examples.map(({ features }) => features.map((x, i) => (x - mean[i]!) / scale[i]!))
  const fitted = minimise(new Float64Array(n + 1), (v, gradient) => {
    let loss = 0
    examples.forEach(({ right, weight }, e) => {
      let z = v[n]!
      for (let i = 0; i < n; i++) z += v[i]! * inputs[e]![i]!
      loss += weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - right * z)
      const error = weight * (1 / (1 + Math.exp(-z)) - right)
      for (let i = 0; i < n; i++) gradient[i]! += error * inputs[e]![i]!
      gradient[n]! += error
    })
    for (let i = 0; i < n; i++) {
      loss += DECISION_L2 * v[i]! ** 2
      gradient[i]! += 2 * DECISION_L2 * v[i]!
    }
    return loss
  })
  return { mean, scale, weights: Array.from(fitted.subarray(0, n)), bias: fitted[n]! }
}
