import { addHits, deleteExpiredHits, findHits, removeHit, takeHit } from '#server/db/rate-limits'
import type { LocalCounts } from './local-counts'
import { keepSeconds, newestSlice, oldestSlice, sliceAt, waitFor, type Hits, type RateLimit } from './window'

const toHits = (stored: Record<string, number>): Hits => new Map(Object.entries(stored).map(([slice, count]) => [Number(slice), Number(count)]))
const expiry = (limit: RateLimit, now: number) => new Date(now + keepSeconds(limit) * 1000)

/** Takes one call in the database, exact over any number of servers; 0, or the milliseconds until one fits. */
export async function takeInDatabase(limit: RateLimit, key: string, now: number): Promise<number> {
  if (await takeHit({ key, slice: sliceAt(limit, now), oldest: oldestSlice(limit, now), newest: newestSlice(limit, now), points: limit.points, expiresAt: expiry(limit, now) })) return 0
  const stored = await findHits(key)
  return stored ? Math.max(1, waitFor(limit, toHits(stored), now)) : 1
}

export async function giveBackInDatabase(key: string): Promise<void> {
  const stored = await findHits(key)
  const newest = stored && Object.entries(stored).filter(([, count]) => count > 0).map(([slice]) => Number(slice)).sort((a, b) => b - a)[0]
  if (newest !== undefined && newest !== null) await removeHit(key, String(newest))
}

/** Brings what this server counted to the database, and what the others counted back. What cannot be brought stays for the next time. */
export async function exchange(local: LocalCounts, now: number): Promise<void> {
  const fresh = local.drainFresh()
  if (!fresh.length) return
  try {
    const all = await addHits(fresh.map(({ key, limit, hits }) => ({ key, hits: Object.fromEntries(hits), oldest: oldestSlice(limit, now), expires_at: expiry(limit, now).toISOString() })))
    for (const { key, hits } of all) local.merge(key, toHits(hits))
  }
  catch (error) {
    for (const { key, hits } of fresh) local.returnFresh(key, hits)
    throw error
  }
}

export const forgetExpired = (now: number) => deleteExpiredHits(new Date(now))
