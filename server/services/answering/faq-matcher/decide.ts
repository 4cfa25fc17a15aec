import type { FaqDecision, Strictness } from './types'

/**
 * Least probability for an answer and for "did you mean". The wrong-answer rates that go with them are measured
 * by `npm run bench:faq` and stand in docs/benchmarks/faq.md.
 */
export const THRESHOLDS: Record<Strictness, { answer: number, suggest: number }> = {
  cautious: { answer: 0.78, suggest: 0.3 },
  balanced: { answer: 0.62, suggest: 0.22 },
  eager: { answer: 0.45, suggest: 0.15 },
}

/** What to do with a best match of this probability. */
export function decide(best: number, strictness: Strictness): FaqDecision {
  const { answer, suggest } = THRESHOLDS[strictness]
  if (best >= answer) return 'answer'
  return best >= suggest ? 'suggest' : 'forward'
}
