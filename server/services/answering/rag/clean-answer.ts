import { countCodePoints } from '#shared/contracts/text'
import type { Citation } from '#shared/contracts/chat'

/** Longer than any answer that helps; the rest is cut off. */
const ANSWER_MAX = 8_000
const SOURCES_MAX = 10
const TITLE_MAX = 300
const URL_MAX = 2_000

/**
 * What a customer may read: without a model's thoughts, control characters and lone surrogates (PostgreSQL refuses NUL),
 * not longer than ANSWER_MAX code points. Empty when nothing is left.
 */
export function cleanAnswer(text: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = withoutThoughts(text).replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]|\p{Surrogate}/gu, '').trim()
  return countCodePoints(clean) <= ANSWER_MAX ? clean : `${[...clean].slice(0, ANSWER_MAX).join('')}…`
}

/**
 * Reasoning models think aloud in `<think>`. Some chat templates open it in the prompt, so that only the end tag shows:
 * everything before the last end tag is thought. One that is never closed is thought to the end. Older Dify wraps it in
 * `<details><summary>Thinking…`.
 */
function withoutThoughts(text: string): string {
  return text
    .replace(/<details[^>]*>\s*<summary>\s*thinking[\s\S]*?(?:<\/details>|$)/gi, '')
    .replace(/^[\s\S]*<\/(?:think|thinking|reasoning)\s*>/i, head => beforeFirstThought(head))
    .replace(/<(?:think|thinking|reasoning)(?:\s[^>]*)?>[\s\S]*$/i, '')
}

/** Of a text that ends with an end tag: what stands outside of every thought. */
function beforeFirstThought(head: string): string {
  const parts = head.split(/<\/(?:think|thinking|reasoning)\s*>/i).slice(0, -1)
  // A part without its own opening tag is thought from its beginning.
  return parts.map((part) => {
    const opening = part.search(/<(?:think|thinking|reasoning)(?:\s[^>]*)?>/i)
    return opening > 0 ? part.slice(0, opening) : ''
  }).join('')
}

/** Sources worth showing: with a title or an address a browser may open, each once. */
export function cleanCitations(sources: { title?: unknown, url?: unknown }[]): Citation[] {
  const citations = new Map<string, Citation>()
  for (const source of sources) {
    const title = typeof source.title === 'string' ? cleanAnswer(source.title).replace(/\s+/g, ' ').slice(0, TITLE_MAX) || null : null
    const url = webAddress(source.url)
    if (title || url) citations.set(url ?? title!, { title, url })
  }
  return [...citations.values()].slice(0, SOURCES_MAX)
}

/** An `http(s)` address; null for anything else (`javascript:` for instance). */
function webAddress(url: unknown): string | null {
  return typeof url === 'string' && url.length <= URL_MAX && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null
}
