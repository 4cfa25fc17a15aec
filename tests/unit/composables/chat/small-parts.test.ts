// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { createDates } from '~/composables/chat/dates'
import { contrast, textColourOn } from '~/composables/chat/contrast'
import { mergeMessages, toRows } from '~/composables/chat/messages'
import { backOffMs } from '~/composables/chat/poller'
import { searchFaqs } from '~/composables/chat/search-faqs'
import el from '~/composables/chat/texts/el'
import en from '~/composables/chat/texts/en'
import { makeUuid } from '~/composables/chat/uuid'
import type { ChatMessage } from '#shared/contracts/chat'

const message = (seq: number, more: Partial<ChatMessage> = {}): ChatMessage => ({ id: `m${seq}`, sender: 'bot', text: `Text ${seq}`, timestamp: new Date(1_750_000_000_000 + seq * 1000).toISOString(), seq, ...more })

describe('textColourOn', () => {
  it('reaches 4.5:1 on every accent a planner may choose', () => {
    for (let red = 0; red < 256; red += 15) {
      for (let green = 0; green < 256; green += 15) {
        for (let blue = 0; blue < 256; blue += 15) {
          const accent = `#${[red, green, blue].map(channel => channel.toString(16).padStart(2, '0')).join('')}`
          expect(contrast(textColourOn(accent), accent), accent).toBeGreaterThanOrEqual(4.5)
        }
      }
    }
  })
})

describe('mergeMessages', () => {
  it('keeps the list itself when nothing changed, so that nothing is drawn again', () => {
    const known = [message(1), message(2)]
    expect(mergeMessages(known, [message(2)])).toBe(known)
    expect(mergeMessages(known, [])).toBe(known)
  })

  it('replaces, appends and puts in front by seq, and keeps what stayed the same', () => {
    const known = [message(5), message(6)]
    const merged = mergeMessages(known, [message(4), message(6, { text: 'Changed' }), message(7)])
    expect(merged.map(item => item.text)).toEqual(['Text 4', 'Text 5', 'Changed', 'Text 7'])
    expect(merged[1]).toBe(known[0])
  })
})

describe('toRows', () => {
  it('names a new day, and a time after five minutes', () => {
    const at = (iso: string, seq: number) => message(seq, { timestamp: iso })
    const rows = toRows([at('2026-03-01T10:00:00.000Z', 1), at('2026-03-01T10:04:59.000Z', 2), at('2026-03-01T10:09:59.000Z', 3), at('2026-03-02T00:00:30.000Z', 4)])
    expect(rows.map(row => [Boolean(row.day), Boolean(row.time)])).toEqual([[true, true], [false, false], [false, true], [true, true]])
  })
})

describe('createDates', () => {
  const english = createDates('en', 'Today', 'Yesterday')
  const now = new Date('2026-03-29T12:00:00')

  it('says today and yesterday, and names other days', () => {
    expect(english.day('2026-03-29T01:00:00', now)).toBe('Today')
    expect(english.day('2026-03-28T23:59:00', now)).toBe('Yesterday')
    expect(english.day('2026-03-01T10:00:00', now)).toMatch(/^Sunday,? 1 March$/)
    expect(english.day('2025-12-24T10:00:00', now)).toBe('24 December 2025')
  })

  it('writes the reader\'s language', () => {
    expect(createDates('el', 'Σήμερα', 'Χθες').day('2025-12-24T10:00:00', now)).toBe('24 Δεκεμβρίου 2025')
  })
})

describe('backOffMs', () => {
  it('doubles up to ten seconds, and waits longer when the server asks', () => {
    expect([1, 2, 3, 4, 5, 9].map(failures => backOffMs(failures, null, () => 1))).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(backOffMs(3, null, () => 0)).toBe(2000)
    expect(backOffMs(1, 30_000, () => 1)).toBe(30_000)
  })
})

describe('searchFaqs', () => {
  const faqs = [
    { id: '1', question: 'Πόσο κοστίζει η δεξίωση;', answer: 'Από 4.900 ευρώ.', order: 1 },
    { id: '2', question: 'Can we bring a dog?', answer: 'Yes, to the garden.', order: 2 },
    { id: '3', question: 'Which garden is the largest?', answer: 'The olive grove.', order: 3 },
  ]

  it('finds words in any order, without accents or case, questions before answers', () => {
    expect(searchFaqs(faqs, 'δεξιωση ΠΟΣΟ').map(faq => faq.id)).toEqual(['1'])
    expect(searchFaqs(faqs, 'Garden').map(faq => faq.id)).toEqual(['3', '2'])
    expect(searchFaqs(faqs, 'helicopter')).toEqual([])
    expect(searchFaqs(faqs, '  ')).toEqual(faqs)
  })
})

describe('makeUuid', () => {
  it('makes UUIDs of version 7 that sort by time and differ within a millisecond', () => {
    const ids = Array.from({ length: 500 }, () => makeUuid(1_700_000_000_000))
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(ids).size).toBe(500)
    expect(makeUuid(1_700_000_000_001) > makeUuid(1_700_000_000_000)).toBe(true)
  })
})

describe('texts', () => {
  it('are all there in Greek, and not left in English', () => {
    const same = Object.keys(en).filter(key => typeof en[key as keyof typeof en] === 'string' && en[key as keyof typeof en] === el[key as keyof typeof el])
    expect(same).toEqual([])
    expect(Object.keys(el).sort()).toEqual(Object.keys(en).sort())
  })

  it('count one as one and many as many, in both languages', () => {
    expect([en.left(1), en.left(2), el.left(1), el.left(2)]).toEqual(['1 character left', '2 characters left', '1 χαρακτήρας απομένει', '2 χαρακτήρες απομένουν'])
    expect([el.tooMany(1), el.unread(1), el.unread(3)]).toEqual(['1 χαρακτήρας παραπάνω', '1 νέα απάντηση', '3 νέες απαντήσεις'])
  })

  it('have no exclamation marks', () => {
    const all = [en, el].flatMap(texts => Object.values(texts)).map(value => (typeof value === 'function' ? (value as (...args: never[]) => string)(...([1, 1] as never[])) : JSON.stringify(value)))
    expect(all.filter(sentence => sentence.includes('!'))).toEqual([])
  })
})
