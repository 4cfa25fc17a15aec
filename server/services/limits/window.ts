/** So many calls in so many seconds, in any stretch of that length, for each key. */
export interface RateLimit {
  name: string
  points: number
  seconds: number
  /** With several servers: each call is counted in the database before it is let through, for what must not be guessed at. */
  exact?: boolean
}

/** Calls by the slice of time in which they came. */
export type Hits = Map<number, number>

/**
 * A window is 60 slices. A call counts until 60 whole slices have passed since its own, so never shorter than the window
 * and at most a slice longer (a second of a minute, 24 minutes of a day); a key costs 61 numbers however many calls it has.
 */
const SLICES = 60

export const sliceMs = (limit: RateLimit) => limit.seconds * 1000 / SLICES
export const sliceAt = (limit: RateLimit, now: number) => Math.floor(now / sliceMs(limit))
/** The first slice that still counts. */
export const oldestSlice = (limit: RateLimit, now: number) => sliceAt(limit, now) - SLICES
/**
 * The last slice that counts. Servers' clocks differ a little; what was counted still later was counted by a clock that
 * has been set back since, and would keep somebody waiting for as long as that went back.
 */
export const newestSlice = (limit: RateLimit, now: number) => sliceAt(limit, now) + SLICES
/** How long a call counts, in seconds, rounded up. */
export const keepSeconds = (limit: RateLimit) => Math.ceil(limit.seconds * (SLICES + 1) / SLICES)

/** 0 where one more call fits; else the milliseconds until one does. */
export function waitFor(limit: RateLimit, hits: Hits, now: number): number {
  const counted = [...hits].filter(([slice]) => slice >= oldestSlice(limit, now) && slice <= newestSlice(limit, now)).sort(([a], [b]) => a - b)
  let sum = counted.reduce((total, [, count]) => total + count, 0)
  if (sum < limit.points) return 0
  for (const [slice, count] of counted) {
    sum -= count
    if (sum < limit.points) return (slice + SLICES + 1) * sliceMs(limit) - now
  }
  return limit.seconds * 1000
}
