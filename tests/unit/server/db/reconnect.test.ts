import { expect, it } from 'vitest'
import { reconnectAfter } from '#server/db/open-database'

it('tries a lost database again at once, then within a second, however often it has been in vain', () => {
  expect(reconnectAfter(0, () => 0)).toBeLessThan(0.01)
  for (let failures = 0; failures < 2_000; failures++) {
    for (const random of [0, 0.999]) {
      expect(reconnectAfter(failures, () => random)).toBeGreaterThan(0)
      expect(reconnectAfter(failures, () => random)).toBeLessThanOrEqual(1)
    }
  }
  expect(reconnectAfter(2_000, () => 0)).toBe(0.5)
})
