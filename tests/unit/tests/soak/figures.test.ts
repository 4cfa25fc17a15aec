import { expect, it } from 'vitest'
import { byStretch, quantile, trendOf } from '../../../soak/figures'

const points = (ys: number[]) => ys.map((y, x) => ({ x, y }))

it('draws a line through samples, with the standard error of its slope', () => {
  expect(trendOf(points([1, 3, 5, 7]))).toEqual({ slope: 2, error: 0, samples: 4 })
  // By hand: the squares left over are 1.6, of 3 degrees of freedom; √(1.6 / 3 / 10).
  const { slope, error } = trendOf(points([1, 2, 2, 4, 3]))
  expect([slope, error]).toEqual([expect.closeTo(0.6, 10), expect.closeTo(0.2309, 4)])
  expect(trendOf(points([5, 5, 5])).slope).toBe(0)
  expect(trendOf(points([1, 2])).slope).toBeNaN()
})

it('takes one value of each stretch', () => {
  expect(byStretch([{ x: 0, y: 3 }, { x: 0.9, y: 1 }, { x: 1, y: 8 }, { x: 2.5, y: 9 }], 1, values => Math.min(...values))).toEqual([{ x: 0.5, y: 1 }, { x: 1.5, y: 8 }, { x: 2.5, y: 9 }])
})

it('knows quantiles, and that nothing has none', () => {
  expect([quantile([3, 1, 2], 0.5), quantile([1, 2, 3, 4], 0.95), quantile([], 0.5)]).toEqual([2, 4, Number.NaN])
})
