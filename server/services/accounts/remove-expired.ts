import { v7 } from 'uuid'
import { deleteExpiredAccountTokens } from '#server/db/account-tokens'
import { isDatabaseOpen } from '#server/db/client'
import { deleteExpiredHits } from '#server/db/rate-limits'
import { deleteExpiredSessions } from '#server/db/sessions'
import { deleteExpiredDelays } from '#server/db/sign-in-delays'
import { databaseTime } from '#server/db/time'
import { claimWork, releaseWork } from '#server/db/work-claims'

const WORK = 'expired'
const LEASE_MS = 60_000
const EVERY_MS = 60 * 60_000

const instanceId = v7()
let dueAt = 0
let running: Promise<void> | undefined

/** What is over by itself and of no use to anybody: sessions, links sent by e-mail, waits after failed sign-ins, counted calls. */
export async function removeExpired(): Promise<void> {
  await deleteExpiredSessions()
  await deleteExpiredAccountTokens()
  await deleteExpiredDelays()
  await deleteExpiredHits(await databaseTime())
}

/**
 * The same for a loop that comes by every few seconds: once an hour, by one server at a time. A call during a round joins
 * it; what fails is tried at the next call.
 */
export function removeExpiredWhenDue(): Promise<void> {
  return running ??= removeWhenDue().finally(() => running = undefined)
}

async function removeWhenDue(): Promise<void> {
  if (performance.now() < dueAt) return
  if (await claimWork(WORK, { by: instanceId, leaseMs: LEASE_MS })) {
    try {
      await removeExpired()
    }
    finally {
      if (isDatabaseOpen()) await releaseWork(WORK, instanceId)
    }
  }
  dueAt = performance.now() + EVERY_MS
}
