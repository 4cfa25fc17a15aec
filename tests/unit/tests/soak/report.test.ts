import { expect, it } from 'vitest'
import { judge, page, type Soak } from '../../../soak/report'
import type { Sample } from '../../../soak/watch'

const sample = (more: Partial<Sample> = {}): Sample => ({ at: 0, resident: 200, heap: 80, heapSize: 120, external: 20, threads: 12, files: 20, sockets: 15, connections: 11, ...more })
/** A sample every five seconds of half an hour; `grow` is MB an hour. */
const samplesOf = (grow: number) => Array.from({ length: 360 }, (_, n) => sample({ at: n * 5, resident: 200 + grow * n * 5 / 3_600, heap: 80 + (n % 12) }))
const soak = (more: Partial<Soak> = {}): Soak => ({
  date: '2026-01-01', minutes: 30, machine: '2 × CPU', node: '22', postgres: '15', customers: 10, maximum: { actions: 100, requests: 110 }, perSecond: 50, isHalf: true, requests: 90_000, actions: 88_000, leftOut: 0,
  samples: samplesOf(0), before: sample(), after: sample(), perMinute: [], statuses: { 200: 5 }, errors: {}, examples: [], loggedErrors: {}, warnings: {}, stored: { messages: 4, ratings: 3, sessions: 2 }, ...more,
})

it('finds nothing wrong with memory and handles that stay', () => {
  const verdict = judge(soak())
  expect(verdict.faults).toEqual([])
  expect([verdict.slopes.resident.slope, verdict.slopes.heap.slope, verdict.slopes.heap.samples]).toEqual([0, 0, 15])
  expect(page(soak(), verdict)).toContain('No error in an answer, none in the log.')
})

it('tells how much memory grows an hour', () => {
  const found = soak({ samples: samplesOf(60) })
  expect(judge(found).slopes.resident.slope).toBeCloseTo(60, 6)
  expect(page(found, judge(found))).toContain('| +60.0 ± 0.0 MB |')
})

it('names errors, what was logged, and handles, threads and connections that are too many', () => {
  const { faults } = judge(soak({
    errors: { 'poll: 500': 2 }, loggedErrors: { 'Failed at x': 1 }, after: sample({ sockets: 44, threads: 20, connections: 30 }), samples: [sample()],
  }))
  expect(faults).toEqual(['2 × poll: 500', 'logged: 1 × Failed at x', 'handles at rest grew from 24 to 34', 'threads grew from 12 to 20', '30 database connections at rest'])
})
