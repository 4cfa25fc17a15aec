import { SHORTHAND } from './shorthand'

const COMBINING = /[\u0300-\u036f]/g
const APOSTROPHES = /[’‘‛`´ʼ]/g
const WORD = /[\p{L}\p{N}]+/gu
const REPEATED = /(.)\1{2,}/gu

/** Longest message that is looked at, in UTF-16 units: what comes after adds time, not meaning. */
export const MAX_LENGTH = 2_000

/** Most words that are looked at: a message of 2,000 characters seldom has more, one letter a word would. */
export const MAX_WORDS = 400

/** Lower case without accents, with one kind of apostrophe and one kind of sigma. */
export function fold(text: string): string {
  return text.slice(0, MAX_LENGTH).normalize('NFKD').replace(COMBINING, '').toLowerCase()
    .replace(COMBINING, '').replace(APOSTROPHES, '\'').replace(/ς/g, 'σ')
}

/** Every run of letters or digits of the folded text, in order. */
export function rawWords(text: string): string[] {
  return fold(text).match(WORD) ?? []
}

/** The form in which two texts count as the same question: folded words, one space apart. */
export function exactKey(text: string): string {
  return rawWords(text.replace(APOSTROPHES, '\'').replace(/(\p{L})'(\p{L})/gu, '$1$2')).join(' ')
}

function expandContractions(folded: string): string {
  return folded
    .replace(/\bcan't\b/g, 'can not').replace(/\bwon't\b/g, 'will not').replace(/n't\b/g, ' not')
    .replace(/\bi'm\b/g, 'i am').replace(/'re\b/g, ' are').replace(/'ll\b/g, ' will').replace(/'ve\b/g, ' have')
    .replace(/'(s|m|d)\b/g, ' ')
}

/** Words as the signals see them: contractions and shorthand spelled out, "sooooo" cut to "soo". */
export function words(text: string): string[] {
  const out: string[] = []
  for (const word of expandContractions(fold(text)).match(WORD) ?? []) {
    if (out.length >= MAX_WORDS - 3) break
    const long = SHORTHAND.get(word)
    if (long) out.push(...long.split(' '))
    else out.push(word.replace(REPEATED, '$1$1').slice(0, 40))
  }
  return out
}
