import type { MatcherArtifacts } from './artifacts'
import { dot, staticVector } from './signals/vectors'
import { type Analysis, analyse } from './text/analyse'
import type { NegativeExample } from './types'

/** A stored "this FAQ does not answer this question", ready to be compared with new questions. */
export interface Negative {
  faqId: string
  key: string
  terms: ReadonlySet<string>
  vector: Float32Array | null
}

// below this likeness a question is taken to have nothing to do with the negative; set by judgement, not measured
const NEAR = 0.6
/** Taken from the FAQ's score at full likeness: enough to put any other candidate first. */
export const FULL_PENALTY = 12

export function prepareNegatives(artifacts: MatcherArtifacts, examples: NegativeExample[]): Negative[] {
  return examples.map(({ question, faqId }) => {
    const analysis = analyse(question, { artifacts })
    return { faqId, key: analysis.key, terms: new Set(analysis.terms.map(term => term.key)), vector: staticVector(artifacts, analysis.english) }
  })
}

function likeness(analysis: Analysis, vector: Float32Array | null, negative: Negative): number {
  if (analysis.key === negative.key) return 1
  let shared = 0
  let all = 0
  for (const { key, weight } of analysis.terms) {
    all += weight
    if (negative.terms.has(key)) shared += weight
  }
  const words = all ? shared / all : 0
  const meaning = vector && negative.vector ? dot(vector, negative.vector) : 0
  return Math.min(0.95, (words + meaning) / 2)
}

/** What to take off each FAQ's score (by id) for a question, because of what was learned. */
export function penaltiesFor(artifacts: MatcherArtifacts, analysis: Analysis, negatives: readonly Negative[]): Map<string, number> {
  const penalties = new Map<string, number>()
  if (negatives.length === 0) return penalties
  const vector = staticVector(artifacts, analysis.english)
  for (const negative of negatives) {
    const near = likeness(analysis, vector, negative)
    if (near <= NEAR) continue
    const penalty = FULL_PENALTY * (near - NEAR) / (1 - NEAR)
    penalties.set(negative.faqId, Math.max(penalties.get(negative.faqId) ?? 0, penalty))
  }
  return penalties
}
