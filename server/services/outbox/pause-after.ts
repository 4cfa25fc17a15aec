const FIRST_MS = 2_000
const LAST_MS = 60 * 60 * 1000

/** The pause after so many failed attempts: 2 s, 4 s, 8 s … up to an hour, longer by up to half so that many do not come back at once. */
export function pauseAfter(attempts: number, random = Math.random): number {
  const pause = FIRST_MS * 2 ** Math.min(Math.max(attempts, 1) - 1, 20)
  return Math.min(LAST_MS, Math.round(pause * (1 + random() / 2)))
}
