import { AppError } from '#server/core/app-error'
import { giveCallBack, takeCall } from '#server/services/limits/limits'
import type { RateLimit } from '#server/services/limits/window'

export type { RateLimit } from '#server/services/limits/window'
export { resetLimits as resetRateLimits } from '#server/services/limits/limits'

/** Takes one call from the key's allowance. Throws RATE_LIMITED when it is used up; after `Retry-After` one fits again. */
export async function consume(limit: RateLimit, key: string): Promise<void> {
  const wait = await takeCall(limit, key)
  if (!wait) return
  const seconds = Math.max(1, Math.ceil(wait / 1000))
  const words = seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : seconds < 90 * 60 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`
  throw new AppError('RATE_LIMITED', `That was too often: please wait ${words} and try again.`, { retryAfter: seconds })
}

/** Gives a call back, after a success for instance, where only failures count. */
export function giveBack(limit: RateLimit, key: string): Promise<void> {
  return giveCallBack(limit, key)
}
