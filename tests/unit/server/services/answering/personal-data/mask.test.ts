import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPersonalData, PersonalDataMask } from '#server/services/answering/personal-data/mask'

const key = { secret: 'test-secret-0123456789abcdef0123456', conversationId: '01920000-0000-7000-8000-000000000001' }
const maskFor = (...texts: string[]) => new PersonalDataMask(key, texts)
const found = (text: string) => findPersonalData(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])

describe('what is personal', () => {
  it.each([
    ['EMAIL', 'Γράψτε μου στο maria.papa+gamos@mail.example.gr, παρακαλώ.', 'maria.papa+gamos@mail.example.gr'],
    ['EMAIL', 'My mail is o\'neil@example.com.', 'o\'neil@example.com'],
    ['EMAIL', '<μαρία@παράδειγμα.ελ>', 'μαρία@παράδειγμα.ελ'],
    ['PHONE', 'Πάρτε με στο 6941234567.', '6941234567'],
    ['PHONE', 'κινητό 694 123 4567 ή', '694 123 4567'],
    ['PHONE', '6941-234567', '6941-234567'],
    ['PHONE', '6941 23 45 67', '6941 23 45 67'],
    ['PHONE', 'τηλ. 210 1234567', '210 1234567'],
    ['PHONE', 'τηλ. 210.123.4567!', '210.123.4567'],
    ['PHONE', '2310 123 456', '2310 123 456'],
    ['PHONE', '2310-123456', '2310-123456'],
    ['PHONE', '22810 12345', '22810 12345'],
    ['PHONE', '231 012 3456', '231 012 3456'],
    ['PHONE', '21 0123 4567', '21 0123 4567'],
    ['PHONE', 'call +30 694 123 4567 or mail', '+30 694 123 4567'],
    ['PHONE', '(+30) 2101234567', '+30) 2101234567'],
    ['PHONE', '0030 210 1234567', '0030 210 1234567'],
    ['PHONE', '+44 (0)20 7946 0958', '+44 (0)20 7946 0958'],
    ['PHONE', '+1-212-555-0123', '+1-212-555-0123'],
    ['PHONE', '020 7946 0958', '020 7946 0958'],
    ['PHONE', '06 12 34 56 78', '06 12 34 56 78'],
    ['PHONE', '(212) 555-0123', '(212) 555-0123'],
    ['CARD', 'card 4111 1111 1111 1111, 12/28', '4111 1111 1111 1111'],
    ['CARD', '5500-0000-0000-0004', '5500-0000-0000-0004'],
    ['CARD', '378282246310005', '378282246310005'],
    ['IBAN', 'IBAN GR16 0110 1250 0000 0001 2300 695 and thanks', 'GR16 0110 1250 0000 0001 2300 695'],
    ['IBAN', 'gr1601101250000000012300695', 'gr1601101250000000012300695'],
    ['IBAN', 'DE89 3704 0044 0532 0130 00.', 'DE89 3704 0044 0532 0130 00'],
  ])('%s in “%s”', (kind, text, value) => {
    expect(found(text)).toEqual([[kind, value]])
  })

  it.each([
    'Is 20/06/2026 free for 150 guests?', 'Στις 20.06.2026 ώρα 18:00', '2026-06-20 18:00', 'From 01.06.2026 to 05.06.2026', '21.06.2026 18.00', '25/06/2026 150', '25 06 2026 120',
    'Our budget is 12.500,00 €', 'about 2.500.000.000', '€2101234567', '2500000000 euros', '6900000000 ευρώ', '12 000 - 15 000 euros', '$1,250,000.00', '1 500 000 000',
    '150-200 guests, 10 tables of 12', 'In 2026 150-300 guests', 'between 10:00 and 02:30', '2024, 2025 or 2026', '18:00 200-250 3000', '100 200 300 400', 'ΑΦΜ 123456789', 'order 4111 1111 1111 1112',
    'GR00 0000 0000 0000 0000 0000 000', 'ratio 1/2/3/4/5/6/7/8/9', '06 2026 150 300', 'me @ home', 'user@localhost', '37.9838, 23.7275', '3.1415926535', 'Τ.Κ. 106 74', 'room 2310',
  ])('nothing in “%s”', (text) => {
    expect(found(text)).toEqual([])
  })
})

describe('masking', () => {
  it('names no value and tells kinds and values apart', () => {
    const text = 'I am anna@example.com, 6941234567; my mother is maria@example.com. Mail anna@example.com!'
    const mask = maskFor(text)
    const masked = mask.mask(text)
    expect(masked).toMatch(/^I am \[EMAIL_(\w{5})\], \[PHONE_\w{5}\]; my mother is \[EMAIL_(?!\1)\w{5}\]\. Mail \[EMAIL_\1\]!$/)
    expect([mask.size, mask.restore(masked)]).toEqual([3, text])
  })

  it('gives a value the same placeholder in the next turn, another one in another conversation and on another site', () => {
    const name = (other: Partial<typeof key>) => new PersonalDataMask({ ...key, ...other }, []).mask('6941234567')
    expect(name({})).toBe(name({}))
    expect(new Set([name({}), name({ conversationId: 'another' }), name({ secret: 'another' })]).size).toBe(3)
  })

  it('puts back what a model has written its own way, and leaves placeholders that are not ours', () => {
    const mask = maskFor()
    const name = mask.mask('6941234567').slice(1, -1)
    expect(mask.restore(`Call [${name.toLowerCase()}] or \\[${name.replace('_', '\\_')}\\], not [PHONE_AAAAA].`)).toBe('Call 6941234567 or 6941234567, not [PHONE_AAAAA].')
  })

  it('never gives out a placeholder that somebody typed', () => {
    const typed = maskFor().mask('6941234567')
    const text = `What is ${typed}? Mine is 6941234567.`
    const mask = maskFor(text)
    expect(mask.restore(mask.mask(text))).toBe(text)
  })
})

const two = (n: number) => String(n).padStart(2, '0')
const digits = (n: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n }).map(list => list.join(''))
const separator = fc.constantFrom('', ' ', '-', '.')
const greekPhone = fc.oneof(
  fc.tuple(fc.constantFrom('210', '211', '694', '697', '698'), separator, digits(3), digits(4)).map(([a, s, b, c]) => a + s + b + s + c),
  fc.tuple(fc.constantFrom('2310', '2610', '2810', '6945'), separator, digits(6)).map(([a, s, b]) => a + s + b),
  fc.tuple(fc.constantFrom('+30', '0030', '+30 '), greekPlain()).map(([a, b]) => a + b),
)
function greekPlain() {
  return fc.tuple(fc.constantFrom('21', '23', '26', '69'), digits(8)).map(([a, b]) => a + b)
}
const email = fc.tuple(fc.stringMatching(/^[a-z][a-z0-9._+-]{0,20}$/), fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/), fc.constantFrom('gr', 'com', 'example.org')).map(([a, b, c]) => `${a}@${b}.${c}`)
const date = fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2024, max: 2030 }), fc.constantFrom('/', '.', '-'))
const harmless = fc.oneof(
  date.map(([d, m, y, s]) => `${two(d)}${s}${two(m)}${s}${y}`),
  date.map(([d, m, y]) => `${y}-${two(m)}-${two(d)} ${two(d % 24)}:30`),
  fc.integer({ min: 1, max: 5000 }).map(guests => `${guests} guests`),
  fc.tuple(fc.integer({ min: 10, max: 900 }), fc.integer({ min: 10, max: 900 })).map(([a, b]) => `${a}-${b} άτομα`),
  fc.integer({ min: 1, max: 5_000_000 }).map(euros => `${euros.toLocaleString('de')} €`),
  fc.integer({ min: 1, max: 5_000_000 }).map(euros => `€${euros.toLocaleString('en')}.00`),
)
const word = fc.constantFrom('call me', 'γράψτε μου', 'on', 'στις', 'budget', 'for', '[EMAIL_ABCDE]', '\n', '(', ')', '«', '»')

describe('for any text', () => {
  it('putting back gives exactly what was there', () => {
    fc.assert(fc.property(fc.array(fc.oneof(word, email, greekPhone, harmless, fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 20 }), fc.constantFrom(' ', ', ', ''), (parts, glue) => {
      const text = parts.join(glue)
      const mask = maskFor(text)
      expect(mask.restore(mask.mask(text))).toBe(text)
    }), { numRuns: 2000 })
  })

  it('no Greek phone number and no e-mail address is left', () => {
    fc.assert(fc.property(fc.array(fc.tuple(word, fc.oneof(email, greekPhone)), { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.flat().join(' , ')
      const masked = maskFor(text).mask(text)
      for (const [, value] of parts) expect(masked).not.toContain(value)
    }), { numRuns: 1000 })
  })

  it('dates, amounts and numbers of guests stay', () => {
    fc.assert(fc.property(fc.array(fc.oneof(harmless, word), { maxLength: 8 }), (parts) => {
      expect(found(parts.join(' '))).toEqual([])
    }), { numRuns: 2000 })
  })

  it('a long text of nothing but digits and separators takes no time worth mentioning', () => {
    for (const unit of ['1 ', '69', '+30 ', 'a@', 'GR16 ', '2-', '.0', '@a.']) findPersonalData(unit.repeat(4000))
  })
})
