/** A FAQ as the matcher sees it: only active ones are given to the index builder. */
export interface MatcherFaq {
  id: string
  question: string
  /** Plain text or Markdown; may be empty. */
  answer: string
  /** Other ways to ask the same thing: written by the admin or learned from customers. */
  phrasings: string[]
}

export type Strictness = 'cautious' | 'balanced' | 'eager'

/** `suggest` shows up to three "did you mean" questions; `forward` hands the message to RAG or the fallback. */
export type FaqDecision = 'answer' | 'suggest' | 'forward'

export interface RankedFaq {
  faqId: string
  /** Calibrated probability, 0 to 1, that this FAQ answers the question. */
  score: number
  /** What each signal said, for the admin's "why this answer" view. */
  signals?: Record<string, number>
}

export interface FaqMatch {
  decision: FaqDecision
  /** Best first, at most 5; empty when nothing is worth naming. */
  ranked: RankedFaq[]
  usedEncoder: boolean
}

/** An admin or a customer said that this question is not answered by this FAQ. */
export interface NegativeExample {
  question: string
  faqId: string
}
