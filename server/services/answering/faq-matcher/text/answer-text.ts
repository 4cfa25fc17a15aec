const MAX_SENTENCES = 6
const MAX_CHARS = 1_200

/** The first sentences of an answer, without Markdown signs, links' targets and HTML. */
export function plainSentences(answer: string): string[] {
  return answer.slice(0, MAX_CHARS)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[*_`#>|~]+/g, ' ')
    .split(/(?<=[.!?;])\s+|\n+/)
    .map(sentence => sentence.replace(/\s+/g, ' ').trim())
    .filter(sentence => /\p{L}{2}/u.test(sentence))
    .slice(0, MAX_SENTENCES)
}
