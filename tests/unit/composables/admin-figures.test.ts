import { describe, expect, it } from 'vitest'
import { lastDays, niceTop, shareOf, showChange, showDuration, showPoints, showShare, showStep } from '~/composables/admin-figures'
import { piecesOf } from '~/composables/admin-matches'

describe('figures', () => {
  it('say shares, changes and times as people do', () => {
    expect([showShare(shareOf(1, 3)), showShare(shareOf(1, 40)), showShare(shareOf(0, 5)), showShare(shareOf(0, 0))]).toEqual(['33%', '2.5%', '0%', 'none'])
    expect([showChange(112, 100), showChange(88, 100), showChange(1001, 1000), showChange(5, 0)]).toEqual(['up 12%', 'down 12%', 'the same', null])
    expect([showPoints(0.73, 0.7), showPoints(0.7, 0.71), showPoints(0.7, 0.7), showPoints(null, 0.7)]).toEqual(['up 3 points', 'down 1 point', 'the same', null])
    expect([showDuration(7), showDuration(999), showDuration(4830), showDuration(10_000)]).toEqual(['7 ms', '999 ms', '4.8 s', '10 s'])
  })

  it('name the steps of a chart', () => {
    expect(showStep({ from: '2026-03-09', to: '2026-03-09' }, 'day')).toBe('9 Mar')
    expect(showStep({ from: '2026-03-09', to: '2026-03-15' }, 'week')).toBe('9 Mar to 15 Mar 2026')
    expect(showStep({ from: '2025-11-23', to: '2025-11-23' }, 'week')).toBe('23 Nov 2025')
    expect(showStep({ from: '2026-03-09', to: '2026-03-31' }, 'month')).toBe('Mar 2026')
  })

  it('count days back over the end of a month', () => {
    expect(lastDays(30, new Date(2026, 2, 5, 23, 30))).toEqual({ from: '2026-02-04', to: '2026-03-05' })
    expect(lastDays(1, new Date(2026, 0, 1))).toEqual({ from: '2026-01-01', to: '2026-01-01' })
  })

  it('end an axis at a round number', () => {
    expect([0, 1, 3, 7, 10, 11, 960, 2001].map(niceTop)).toEqual([1, 1, 5, 10, 10, 20, 1000, 5000])
  })
})

describe('what a search found', () => {
  const marked = (text: string, q: string) => piecesOf(text, q).map(({ words, isMatch }) => (isMatch ? `[${words}]` : words)).join('')

  it('is marked whatever its case, accents and ending', () => {
    expect(marked('Is there PARKING at the venue?', 'park venue')).toBe('Is there [PARKING] at the [venue]?')
    expect(marked('Πόσο κοστίζει ένας ΓΆΜΟΣ; ο γάμος', 'γαμος')).toBe('Πόσο κοστίζει ένας [ΓΆΜΟΣ]; ο [γάμος]')
    expect(marked('compark', 'park')).toBe('compark')
    expect(marked('No words wanted', '?!')).toBe('No words wanted')
  })

  it('comes into sight in a long text', () => {
    const text = `${'Some words before. '.repeat(30)}The garden is open. ${'Some words after. '.repeat(30)}`
    const shown = marked(text, 'garden')
    expect(shown).toContain('[garden]')
    expect(shown.startsWith('… ')).toBe(true)
    expect(shown.endsWith(' …')).toBe(true)
    expect(shown.length).toBeLessThan(290)
  })
})
