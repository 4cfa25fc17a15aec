import { expect, it } from 'vitest'
import { pauseAfter } from '#server/services/outbox/pause-after'

it('grows from 2 seconds to an hour, with jitter and never beyond', () => {
  expect([1, 2, 3, 10, 11, 12, 50].map(attempts => pauseAfter(attempts, () => 0) / 1000)).toEqual([2, 4, 8, 1024, 2048, 3600, 3600])
  expect(pauseAfter(1, () => 0.999)).toBeGreaterThan(2_990)
  for (let attempts = 0; attempts < 60; attempts++) expect(pauseAfter(attempts)).toBeGreaterThanOrEqual(2_000)
})
