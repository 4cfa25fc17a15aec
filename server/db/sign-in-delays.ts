import { eq, inArray, lt, sql } from 'drizzle-orm'
import { signInDelays } from '#drizzle/schema'
import { db } from './client'

export interface DelayRule {
  /** Failures in a row that cost no waiting. */
  free: number
  /** Seconds to wait after the first failure beyond those; each further one doubles them, up to `longest`. */
  first: number
  longest: number
  /** Seconds after the last failure until all of them are forgotten. */
  forget: number
}

/** Until when the keys have to wait, the longest of them; null: none has to. */
export async function findWait(keyHashes: string[], now: Date): Promise<Date | null> {
  const rows = await db().select({ waitUntil: signInDelays.waitUntil }).from(signInDelays).where(inArray(signInDelays.keyHash, keyHashes))
  const latest = Math.max(0, ...rows.map(row => row.waitUntil.getTime()))
  return latest > now.getTime() ? new Date(latest) : null
}

/**
 * Counts a try as failed before it is checked, in one statement: of many at the same moment only as many go through as
 * one after the other would. false: the key has to wait.
 */
export async function takeTry(keyHash: string, { free, first, longest, forget }: DelayRule, now: Date): Promise<boolean> {
  const at = sql`${now.toISOString()}::timestamptz`
  const failures = sql`case when ${signInDelays.expiresAt} <= ${at} then 1 else ${signInDelays.failures} + 1 end`
  // A minute back where there is nothing to wait for: requests of the same moment, and servers whose clocks differ a little, all pass.
  const wait = (count: ReturnType<typeof sql>) => sql`${at} + make_interval(secs => case when ${count} <= ${free} then -60 else least(${longest}::float8, ${first}::float8 * power(2, least(${count} - ${free} - 1, 20))) end)`
  const expiresAt = new Date(now.getTime() + forget * 1000)
  const rows = await db().insert(signInDelays)
    .values({ keyHash, failures: 1, waitUntil: wait(sql`1`), expiresAt })
    .onConflictDoUpdate({ target: signInDelays.keyHash, set: { failures, waitUntil: wait(failures), expiresAt }, setWhere: sql`${signInDelays.waitUntil} <= ${at}` })
    .returning({ failures: signInDelays.failures })
  return rows.length > 0
}

/** Takes back the one try that turned out right, and the wait it brought. */
export async function returnTry(keyHash: string, now: Date): Promise<void> {
  await db().update(signInDelays).set({ failures: sql`greatest(${signInDelays.failures} - 1, 0)`, waitUntil: now }).where(eq(signInDelays.keyHash, keyHash))
}

export async function forgetFailures(keyHashes: string[]): Promise<void> {
  await db().delete(signInDelays).where(inArray(signInDelays.keyHash, keyHashes))
}

export async function deleteExpiredDelays(now: Date): Promise<void> {
  await db().delete(signInDelays).where(lt(signInDelays.expiresAt, now))
}
