import { createHmac } from 'node:crypto'
import { findCards, findIbans, findPhones, type Span } from './find-numbers'

const kinds = ['EMAIL', 'IBAN', 'CARD', 'PHONE'] as const
type Kind = typeof kinds[number]

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,24}/gu
/** A placeholder as models give it back: in any case, perhaps with Markdown's backslashes. */
const PLACEHOLDER = /\\?\[(EMAIL|IBAN|CARD|PHONE)\\?_([A-Z2-7]{5,52})\\?\]/gi

const finders: Record<Kind, (text: string) => Span[]> = {
  EMAIL: text => [...text.matchAll(EMAIL)].map(match => ({ start: match.index, end: match.index + match[0].length })),
  IBAN: findIbans,
  CARD: findCards,
  PHONE: findPhones,
}

/**
 * Placeholders for the personal data of one conversation. The same value gets the same placeholder in every turn (a RAG
 * service that keeps the conversation itself is not confused), and without the key nobody can try which number it was.
 */
export class PersonalDataMask {
  readonly #names = new Map<string, string>()
  readonly #values = new Map<string, string>()
  readonly #taken: Set<string>

  /** `texts`: all that will be masked; a placeholder somebody typed into one of them is never given out. */
  constructor(private readonly key: { secret: string, conversationId: string }, texts: string[]) {
    this.#taken = new Set(texts.flatMap(text => [...text.matchAll(PLACEHOLDER)].map(([, kind, tag]) => nameOf(kind!, tag!))))
  }

  /** How many different values have been masked. */
  get size(): number {
    return this.#names.size
  }

  /** The text with placeholders such as `[PHONE_K7Q2M]` for e-mail addresses, IBANs, card and phone numbers. */
  mask(text: string): string {
    let masked = ''
    let at = 0
    for (const { start, end, kind } of findPersonalData(text)) {
      masked += text.slice(at, start) + this.#placeholderFor(kind, text.slice(start, end))
      at = end
    }
    return masked + text.slice(at)
  }

  /** Puts back what was masked; other placeholders stay as they are. */
  restore(text: string): string {
    if (!this.#values.size) return text
    return text.replace(PLACEHOLDER, (found: string, kind: string, tag: string) => {
      const value = this.#values.get(nameOf(kind, tag))
      // A backslash in front belongs to the placeholder only where one stands before its end too.
      return value === undefined ? found : found.startsWith('\\') && !found.endsWith('\\]') ? `\\${value}` : value
    })
  }

  #placeholderFor(kind: Kind, value: string): string {
    const known = this.#names.get(`${kind} ${value}`)
    if (known) return `[${known}]`
    const digest = base32(createHmac('sha256', this.key.secret).update(`${this.key.conversationId}\n${kind}\n${value}`).digest())
    let length = 5
    while (this.#taken.has(nameOf(kind, digest.slice(0, length)))) length++
    const name = nameOf(kind, digest.slice(0, length))
    this.#taken.add(name)
    this.#names.set(`${kind} ${value}`, name)
    this.#values.set(name, value)
    return `[${name}]`
  }
}

const nameOf = (kind: string, tag: string) => `${kind}_${tag}`.toUpperCase()

/** In order and without overlaps; of two that overlap the kind that comes first in `kinds` wins. */
export function findPersonalData(text: string): (Span & { kind: Kind })[] {
  const found: (Span & { kind: Kind })[] = []
  for (const kind of kinds) {
    for (const span of finders[kind](text)) {
      if (!found.some(other => span.start < other.end && other.start < span.end)) found.push({ ...span, kind })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

function base32(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = (value << 8 | byte) & 0xffff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[value >> (bits - 5) & 31]
  }
  return text
}
