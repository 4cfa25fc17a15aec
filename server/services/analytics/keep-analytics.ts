import { v7 } from 'uuid'
import { claimAnalytics, listStaleDays, markChangedDays, recountDay, releaseAnalytics } from '#server/db/analytics-days'
import { isDatabaseOpen } from '#server/db/client'

/*
 * Keeps the overview's daily figures true: every minute one server finds the days that changed and counts them anew.
 * A big database's first days take a while; until a day is counted, reports count it themselves.
 */
const LEASE_MS = 60_000
const EVERY_MS = 60_000
/** Of one run: it has to end well within its lease. */
const DAYS_A_RUN = 60
const RUN_MS = 20_000

const instanceId = v7()
let dueAt = 0

/** One run, unless another server is at it; says how many days are left to count. */
export async function keepAnalytics(): Promise<number> {
  if (!await claimAnalytics({ by: instanceId, leaseMs: LEASE_MS })) return 0
  const until = performance.now() + RUN_MS
  try {
    await markChangedDays()
    for (const day of await listStaleDays(DAYS_A_RUN)) {
      if (!isDatabaseOpen() || performance.now() > until) break
      await recountDay(day)
    }
    return isDatabaseOpen() ? (await listStaleDays(10_000)).length : 0
  }
  finally {
    if (isDatabaseOpen()) await releaseAnalytics(instanceId)
  }
}

/** The same for a loop that comes by every few seconds: once a minute, and at once again while days are left. */
export async function keepAnalyticsWhenDue(): Promise<void> {
  if (performance.now() < dueAt) return
  dueAt = performance.now() + EVERY_MS
  if (await keepAnalytics() > 0) dueAt = 0
}
