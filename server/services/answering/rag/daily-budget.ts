import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { giveCallBack, takeCall } from '#server/services/limits/limits'

const DAY_SECONDS = 24 * 60 * 60
const LOG_EVERY_MS = 60 * 60 * 1000

/** One line an hour: the metrics count the questions. */
let loggedAt: number | undefined

/** Counted by all servers together, and exactly: a question more is money. */
const limitOf = (points: number) => ({ name: 'rag-budget', points, seconds: DAY_SECONDS, exact: true })

/** Whether one more question may be asked within RAG_DAILY_BUDGET, in any 24 hours; it then counts. Always where none is set, or with RATE_LIMITS=off. */
export async function takeFromBudget(): Promise<boolean> {
  const points = env().RAG_DAILY_BUDGET
  if (!points) return true
  const waitMs = await takeCall(limitOf(points), 'all')
  if (!waitMs) return true
  if (loggedAt === undefined || performance.now() - loggedAt >= LOG_EVERY_MS) {
    loggedAt = performance.now()
    log.warn({ budget: points, free_in_s: Math.ceil(waitMs / 1000) }, 'RAG_DAILY_BUDGET is used up: questions that no FAQ answers get the fallback until a day has passed since the oldest')
  }
  return false
}

/** Gives a question back that was not asked after all (the breaker is open, too many under way). */
export async function giveBackToBudget(): Promise<void> {
  const points = env().RAG_DAILY_BUDGET
  if (points) await giveCallBack(limitOf(points), 'all')
}

/** Forgets when it was last said; for tests. */
export function forgetBudget(): void {
  loggedAt = undefined
}
