/*
 * Where a text has numbers that belong to a person. Dates, times, amounts and numbers of guests must stay: they are what
 * questions are about. So a phone number is one by its prefix and grouping, a card by its check digit, an account by its
 * country's length and check.
 */
export interface Span { start: number, end: number }

const digitsOf = (text: string) => text.replace(/\D/g, '')
const spansOf = (text: string, pattern: RegExp): (Span & { text: string })[] => [...text.matchAll(pattern)].map(match => ({ start: match.index, end: match.index + match[0].length, text: match[0] }))

/** Account numbers (ISO 13616): length by country, and the remainder of 97 must be 1. */
export function findIbans(text: string): Span[] {
  return spansOf(text, /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/gu).flatMap(({ start }) => {
    const length = ibanLengths.get(text.slice(start, start + 2).toUpperCase())
    const end = length ? endOfIban(text, start, length) : null
    return end !== null && !/[\p{L}\p{N}]/u.test(text[end] ?? '') && isIban(text.slice(start, end)) ? [{ start, end }] : []
  })
}

/** Where so many letters and digits end, with at most one space or hyphen between two of them; null: there are not so many. */
function endOfIban(text: string, start: number, length: number): number | null {
  let left = length
  let at = start
  for (let gap = 0; at < text.length && left > 0; at++) {
    if (/[A-Za-z0-9]/.test(text[at]!)) {
      left--
      gap = 0
    }
    else if (!/[ \u00A0-]/.test(text[at]!) || ++gap > 1) {
      return null
    }
  }
  return left === 0 ? at : null
}

function isIban(text: string): boolean {
  const plain = text.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
  const numeric = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 55))
  return BigInt(numeric) % 97n === 1n
}

/** Of the IBAN registry. */
const ibanLengths = new Map(`AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 SV28 TN24 TR26 UA29 VA22 VG24 XK20`
  .split(' ').map(entry => [entry.slice(0, 2), Number(entry.slice(2))]))

/** Card numbers: 13 to 19 digits, in one piece or as on a card, that begin as the card schemes' do, with a right check digit (Luhn). */
export function findCards(text: string): Span[] {
  return spansOf(text, /(?<![\d.,+])(?:\d{13,19}|\d{4}(?:[ \u00A0-]\d{4}){2,3}(?:[ \u00A0-]\d{1,3})?|\d{4}[ \u00A0-]\d{6}[ \u00A0-]\d{4,5})(?!\d)/g).filter((span) => {
    const digits = digitsOf(span.text)
    return digits.length >= 13 && /^(?:4|5[1-5]|2[2-7]|3[04-9]|6)/.test(digits) && hasLuhnDigit(digits)
  })
}

function hasLuhnDigit(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    sum += place % 2 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

/** Between the groups of a number: one space, dot, hyphen or slash. */
const S = '[ \\u00A0./-]'
/** Not part of a longer number, a time or an amount. */
const BEFORE = '(?<![\\d+]|\\d[.,:/-]|[€$£] ?)'
const AFTER = `(?!\\d|[.,:/-]\\d|${S}?(?:€|\\$|£|%|ευρώ|ευρω|euros?\\b|eur\\b))`

/** As Greeks write a number: `sizes` of its groups, whose first begins as `first` says. */
const grouped = (first: string, ...sizes: number[]) => first + sizes.map(size => `${S}\\d{${size}}`).join('')
const greek = [
  // In one piece: a landline (21 to 28) or a mobile (69).
  '(?:2[1-8]|69)\\d{8}',
  ...[[7], [3, 4], [4, 3], [2, 2, 3]].flatMap(sizes => ['21\\d', '69\\d'].map(first => grouped(first, ...sizes))),
  ...['21', '69'].map(first => grouped(first, 4, 4)),
  ...[[6], [3, 3], [2, 2, 2]].flatMap(sizes => ['2[2-8]\\d\\d', '69\\d\\d'].map(first => grouped(first, ...sizes))),
  grouped('2[2-8]1', 3, 4),
  ...[[5], [2, 3], [3, 2]].map(sizes => grouped('2[2-8]\\d{3}', ...sizes)),
]
const GREEK = new RegExp(`${BEFORE}(?:${greek.join('|')})${AFTER}`, 'giu')
/** With a country's prefix; brackets as in +30 (210) 123 4567 or +44 (0)20. */
const INTERNATIONAL = /(?<![\d+]|\d[.,:/-])(?:\+ ?|00 ?)[1-9](?:[ \u00A0./()-]{0,2}\d){7,14}(?!\d)/g
/** As dialled inside of many countries: 020 7946 0958, 0171 1234567, 06 12 34 56 78. */
const NATIONAL = new RegExp(`${BEFORE}0[1-9](?:${S}?\\d){7,9}${AFTER}`, 'giu')
/** (212) 555-0123, 212-555-0123 */
const AMERICAN = new RegExp(`${BEFORE}(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}-)[2-9]\\d{2}-\\d{4}${AFTER}`, 'giu')

const DATE = /(?<!\d)(?:\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)\d{2}|(?:19|20)\d{2}[./ -]\d{1,2}[./ -]\d{1,2})(?!\d)/
const YEAR = /(?<!\d)(?:19|20)\d{2}(?!\d)/

/** Telephone numbers: international, Greek, and as they are dialled in other countries. */
export function findPhones(text: string): Span[] {
  const national = [...spansOf(text, NATIONAL), ...spansOf(text, AMERICAN)].filter(span => !DATE.test(span.text) && !YEAR.test(span.text))
  const greekOnes = spansOf(text, GREEK).filter(span => !DATE.test(span.text))
  const international = spansOf(text, INTERNATIONAL).filter(span => span.text.startsWith('+') || !DATE.test(span.text))
  return [...international, ...greekOnes, ...national]
}
