import { eq, inArray, sql } from 'drizzle-orm'
import { signInDelays } from '#drizzle/schema'
import { db } from './client'
import { timeIn } from './time'

export interface DelayRule {
  /** Failures in a row that cost no waiting. */
  free: number
  /** Seconds to wait after the first failure beyond those; each further one doubles them, up to `longest`. */
  first: number
  longest: number
  /** Seconds after the last failure until all of them are forgotten. */
  forget: number
}

/** So long ago is a wait's end where there is nothing to wait for: requests of the same moment all pass. */
const PASSED = sql`now() - interval '1 minute'`

/** For how many milliseconds the keys have to wait, the longest of them; null: none has to. */
export async function findWait(keyHashes: string[]): Promise<number | null> {
  const rows = await db().select({ leftMs: sql<number>`extract(epoch from ${signInDelays.waitUntil} - now())::float8 * 1000` }).from(signInDelays).where(inArray(signInDelays.keyHash, keyHashes))
  const longest = Math.max(0, ...rows.map(row => row.leftMs))
  return longest > 0 ? longest : null
}

/**
 * Counts a try as failed before it is checked, in one statement: of many at the same moment only as many go through as
 * one after the other would. false: the key has to wait.
 */
export async function takeTry(keyHash: string, { free, first, longest, forget }: DelayRule): Promise<boolean> {
  const failures = sql`case when ${signInDelays.expiresAt} <= now() then 1 else ${signInDelays.failures} + 1 end`
  const wait = (count: ReturnType<typeof sql>) => sql`case when ${count} <= ${free} then ${PASSED} else now() + make_interval(secs => least(${longest}::float8, ${first}::float8 * power(2, least(${count} - ${free} - 1, 20)))) end`
  const expiresAt = timeIn(forget * 1000)
  const rows = await db().insert(signInDelays)
    .values({ keyHash, failures: 1, waitUntil: wait(sql`1`), expiresAt })
    .onConflictDoUpdate({ target: signInDelays.keyHash, set: { failures, waitUntil: wait(failures), expiresAt }, setWhere: sql`${signInDelays.waitUntil} <= now()` })
    .returning({ failures: signInDelays.failures })
  return rows.length > 0
}

/** Takes back the one try that turned out right, and the wait it brought. */
export async function returnTry(keyHash: string): Promise<void> {
  await db().update(signInDelays).set({ failures: sql`greatest(${signInDelays.failures} - 1, 0)`, waitUntil: PASSED }).where(eq(signInDelays.keyHash, keyHash))
}

export async function forgetFailures(keyHashes: string[]): Promise<void> {
  await db().delete(signInDelays).where(inArray(signInDelays.keyHash, keyHashes))
}

export async function deleteExpiredDelays(): Promise<void> {
  await db().delete(signInDelays).where(sql`${signInDelays.expiresAt} < now()`)
}
