import { rawWords } from './normalise'
import { questionRange } from './small-talk'

const SENTENCE_END = /(?<=[.!?;…])\s+|\n+|\s[-–—]\s/u
const MAX_SEGMENTS = 4

/**
 * The sentences of a message that may hold the question on their own; empty for a message of one sentence.
 * Clauses of long sentences were tried too: long chatty questions lost by it.
 */
export function segments(text: string): string[] {
  const sentences = text.split(SENTENCE_END).flatMap((part) => {
    const [start, end] = questionRange(rawWords(part))
    // a greeting is no sentence: with it or without, the message is the same
    return start < end ? [{ part, words: end - start }] : []
  })
  if (sentences.length < 2) return []
  const worthwhile = sentences.filter(({ words }) => words >= 2).map(({ part }) => part)
  // the question tends to come last
  return [...new Set(worthwhile)].slice(-MAX_SEGMENTS)
}
