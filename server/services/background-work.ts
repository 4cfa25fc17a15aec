import { log } from '#server/core/log'
import { database, isDatabaseOpen } from '#server/db/client'
import { isDatabaseUnavailable } from '#server/db/errors'
import { removeExpiredWhenDue } from './accounts/remove-expired'
import { keepAnalyticsWhenDue } from './analytics/keep-analytics'
import { runInBackground } from './background'
import { finishAbandonedQuestions } from './conversations/reply-to-question'
import { deliverDue } from './outbox/deliver-feedback'
import { keepRetentionWhenDue } from './privacy/retention'
import { groupWhenRested } from './unanswered/group-misses'
import { changeWatch } from './watch/change-watch'

/*
 * What a server that lives on does by itself: take up questions that a dead server left, deliver ratings that are due,
 * put unanswered questions into groups, count the days of the overview that changed, delete conversations past their
 * retention, and remove what has expired. A serverless host has no such loop; there the polls, the next message,
 * POST /api/cron/deliver and the time after each write do it. What is looked at every time stands on small partial indexes.
 */
const EVERY_MS = 3_000

let timer: NodeJS.Timeout | undefined
const busy = new Set<string>()

export function startBackgroundWork(): void {
  if (!timer && isDatabaseOpen()) runInBackground('listening to changes', () => changeWatch.start(database().openFeed))
  timer ??= setInterval(() => {
    once('answering abandoned questions', () => finishAbandonedQuestions(null))
    once('delivering feedback', deliverDue)
    once('grouping unanswered questions', groupWhenRested)
    once('keeping the daily figures', keepAnalyticsWhenDue)
    once('deleting old conversations', keepRetentionWhenDue)
    once('removing what has expired', removeExpiredWhenDue)
  }, EVERY_MS).unref()
}

export function stopBackgroundWork(): void {
  clearInterval(timer)
  timer = undefined
}

/** The work, unless its last round is still going on. */
function once(what: string, work: () => Promise<unknown>): void {
  if (busy.has(what) || !isDatabaseOpen()) return
  busy.add(what)
  runInBackground(what, () => work().catch((error) => {
    // A database that is away says so in every request; the next round tries again.
    if (!isDatabaseUnavailable(error)) throw error
    log.warn({ err: error }, `The database is not available for ${what}`)
  }).finally(() => busy.delete(what)))
}
