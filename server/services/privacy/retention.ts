import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { freezeDaysBefore } from '#server/db/analytics-days'
import { inTransaction, isDatabaseOpen } from '#server/db/client'
import { countOldConversations, takeOldConversations, type Erased } from '#server/db/erasure'
import { databaseTime } from '#server/db/time'
import { claimWork, releaseWork } from '#server/db/work-claims'
import { keepAnalytics } from '#server/services/analytics/keep-analytics'
import { getChatConfig } from '#server/services/config/chat-config'
import { forgetRevisions } from '#server/services/revision-watch'
import type { RetentionPreview } from '#shared/contracts/admin'
import { eraseWithTraces } from './erase'

/*
 * Deletes conversations in which nobody has written for `retention_days`: a few at a time, each few in a transaction of
 * its own, so that it can stop anywhere and go on later, on any server. One server is at it at a time.
 */
const WORK = 'retention'
const LEASE_MS = 60_000
const BATCH = 50
/** Of one run: it has to end well within its lease. The next run goes on. */
const RUN_MS = 20_000
const EVERY_MS = 60 * 60_000
const DAY_MS = 86_400_000

const instanceId = v7()
let dueAt = 0

/** The start (UTC) of the day so many days ago: whole days go, so that their daily figures stay true as they are. */
export function retentionCutoff(days: number, now: Date): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - days * DAY_MS)
}

/** What a retention of so many days would delete now. Changes nothing. */
export async function previewRetention(days: number): Promise<RetentionPreview> {
  const before = retentionCutoff(days, await databaseTime())
  const { conversations, messages, oldest } = await countOldConversations(before)
  return { days, before: before.toISOString(), conversations, messages, oldest: oldest?.toISOString() ?? null }
}

/**
 * One run of the retention in force; says how many conversations went, and whether there are more. Nothing is deleted
 * before the daily figures of its day are counted.
 */
export async function keepRetention(): Promise<{ deleted: number, more: boolean }> {
  const { retentionDays } = await getChatConfig()
  if (retentionDays === null || !await claimWork(WORK, { by: instanceId, leaseMs: LEASE_MS })) return { deleted: 0, more: false }
  const before = retentionCutoff(retentionDays, await databaseTime())
  const until = performance.now() + RUN_MS
  const total: Erased = { conversations: 0, messages: 0, ratings: 0, negatives: 0 }
  let more = true
  try {
    if (!(await countOldConversations(before)).conversations) return { deleted: 0, more: false }
    if (!await figuresAreKept(before, until)) return { deleted: 0, more: true }
    while (more && isDatabaseOpen() && performance.now() < until && await claimWork(WORK, { by: instanceId, leaseMs: LEASE_MS })) {
      const erased = await inTransaction(async () => eraseWithTraces(await takeOldConversations(before, BATCH)))
      for (const name of Object.keys(total) as (keyof Erased)[]) total[name] += erased[name]
      more = erased.conversations === BATCH
    }
    return { deleted: total.conversations, more }
  }
  finally {
    if (total.negatives) forgetRevisions()
    if (total.conversations) log.info({ ...total, retention_days: retentionDays, more }, 'Conversations were deleted because of their age')
    if (isDatabaseOpen()) await releaseWork(WORK, instanceId)
  }
}

/** Counts what is still to be counted, a while; false: there is more, or another server is at it. */
async function figuresAreKept(before: Date, until: number): Promise<boolean> {
  const day = before.toISOString().slice(0, 10)
  while (!await freezeDaysBefore(day)) {
    if (await keepAnalytics() === 0 || performance.now() > until) return freezeDaysBefore(day)
  }
  return true
}

/** The same for a loop that comes by every few seconds: once an hour, and at once again while there is more. */
export async function keepRetentionWhenDue(): Promise<void> {
  if (performance.now() < dueAt) return
  dueAt = performance.now() + EVERY_MS
  if ((await keepRetention()).more) dueAt = performance.now() + LEASE_MS / 10
}
