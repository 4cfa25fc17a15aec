import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LocalCounts } from '#server/services/limits/local-counts'
import { waitFor, type RateLimit } from '#server/services/limits/window'

const minute: RateLimit = { name: 'test', points: 20, seconds: 60 }

describe('a sliding window', () => {
  it('lets no stretch of its length have more calls than it allows, whenever they come', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 50, maxLength: 200 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 120 }), (gaps, points, seconds) => {
      let now = 1_800_000_000_000
      const limit = { name: 'test', points, seconds }
      const counts = new LocalCounts(() => now)
      const taken: number[] = []
      for (const gap of gaps) {
        now += gap
        if (counts.take(limit, 'anna') === 0) taken.push(now)
      }
      for (const start of taken) expect(taken.filter(time => time >= start && time < start + seconds * 1000).length).toBeLessThanOrEqual(points)
    }))
  })

  it('tells the truth about when the next call fits: not before, and then it does', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 30, maxLength: 80 }), fc.integer({ min: 1, max: 10 }), (gaps, points) => {
      let now = 1_800_000_000_000
      const limit = { name: 'test', points, seconds: 60 }
      const counts = new LocalCounts(() => now)
      for (const gap of gaps) {
        now += gap
        const wait = counts.take(limit, 'anna')
        if (!wait) continue
        expect(wait).toBeLessThanOrEqual(61_000)
        now += wait - 1
        expect(counts.take(limit, 'anna')).toBe(1)
        now += 1
        expect(counts.take(limit, 'anna')).toBe(0)
      }
    }))
  })

  it('does not count what is refused', () => {
    let now = 0
    const counts = new LocalCounts(() => now)
    for (let call = 0; call < 500; call++) counts.take(minute, 'anna')
    now = 61_000
    expect(counts.take(minute, 'anna')).toBe(0)
  })

  it('keeps keys apart, gives back, and forgets in order of use', () => {
    const counts = new LocalCounts(() => 0, 3)
    const once = { name: 'once', points: 1, seconds: 60 }
    expect(['a', 'b', 'a'].map(key => counts.take(once, key) > 0)).toEqual([false, false, true])
    counts.giveBack('a')
    counts.giveBack('nobody')
    expect(counts.take(once, 'a')).toBe(0)
    for (const key of ['c', 'd']) counts.take(once, key)
    expect(counts.size).toBe(3)
    expect(counts.take(once, 'b')).toBe(0)
  })

  it('forgets whose window is over', () => {
    let now = 1_000_000
    const counts = new LocalCounts(() => now)
    counts.take(minute, 'anna')
    now += 61_000
    counts.take(minute, 'ben')
    now += 30_000
    counts.sweep()
    expect(counts.size).toBe(1)
  })

  it('waits for the whole window where nothing is allowed at all', () => {
    expect(waitFor({ name: 'none', points: 0, seconds: 60 }, new Map(), 0)).toBe(60_000)
  })

  it('keeps nobody waiting for what a clock had counted that has been set back since', () => {
    let now = 1_800_000_000_000 + 5 * 3_600_000
    const counts = new LocalCounts(() => now)
    for (let call = 0; call < 20; call++) counts.take(minute, 'anna')
    expect(counts.take(minute, 'anna')).toBeGreaterThan(0)
    now -= 5 * 3_600_000
    for (let call = 0; call < 20; call++) expect(counts.take(minute, 'anna')).toBe(0)
    expect(counts.take(minute, 'anna')).toBeLessThanOrEqual(61_000)
  })

  it('counts what a server has counted whose clock is a little ahead', () => {
    const ahead = new Map([[Math.floor(1_800_000_030_000 / 1000), 20]])
    expect(waitFor(minute, ahead, 1_800_000_000_000)).toBeGreaterThan(0)
  })
})
