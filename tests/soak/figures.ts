/** A line through samples: `slope` a unit of x with its standard error, both NaN where there are fewer than three samples. */
export interface Trend { slope: number, error: number, samples: number }

/** Least squares; the standard error takes the samples for independent of each other. */
export function trendOf(points: { x: number, y: number }[]): Trend {
  const n = points.length
  if (n < 3) return { slope: Number.NaN, error: Number.NaN, samples: n }
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n
  const squares = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / squares
  const left = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  return { slope, error: Math.sqrt(left / (n - 2) / squares), samples: n }
}

/** The value below which so large a share of them lies; NaN of none. */
export function quantile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]! : Number.NaN
}

/**
 * One value for each stretch of `width`: neighbouring samples of a process's memory resemble each other, and taken singly
 * they would make a slope look surer than it is. `pick` gets the stretch's values.
 */
export function byStretch(points: { x: number, y: number }[], width: number, pick: (values: number[]) => number): { x: number, y: number }[] {
  const stretches = new Map<number, number[]>()
  for (const { x, y } of points) {
    const at = Math.floor(x / width)
    stretches.set(at, [...stretches.get(at) ?? [], y])
  }
  return [...stretches].sort(([a], [b]) => a - b).map(([at, values]) => ({ x: (at + 0.5) * width, y: pick(values) }))
}
