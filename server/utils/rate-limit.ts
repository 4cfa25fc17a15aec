import { createHash } from 'node:crypto'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'

/** So many calls in so many seconds for each key. */
export interface RateLimit { name: string, points: number, seconds: number }

const limiters = new Map<string, RateLimiterMemory>()

function limiterFor(limit: RateLimit): RateLimiterMemory {
  let limiter = limiters.get(limit.name)
  if (!limiter) limiters.set(limit.name, limiter = new RateLimiterMemory({ keyPrefix: limit.name, points: limit.points, duration: limit.seconds }))
  return limiter
}

/** Addresses and e-mails are kept hashed: nobody needs them in the clear here. */
const keyOf = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 22)

const refusal = (state: RateLimiterRes) => {
  const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000))
  const wait = seconds < 90 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return new AppError('RATE_LIMITED', `That was too often: please wait ${wait} and try again.`, { retryAfter: seconds })
}

/** Takes one call from the key's allowance. Throws RATE_LIMITED when it is used up. */
export async function consume(limit: RateLimit, key: string): Promise<void> {
  if (env().RATE_LIMITS === 'off') return
  await limiterFor(limit).consume(keyOf(key)).catch((state: RateLimiterRes) => {
    throw refusal(state)
  })
}

/** Gives a call back, after a success for instance, where only failures count. */
export async function giveBack(limit: RateLimit, key: string): Promise<void> {
  if (env().RATE_LIMITS !== 'off') await limiterFor(limit).reward(keyOf(key))
}

/** Forgets every count; for tests. */
export function resetRateLimits(): void {
  limiters.clear()
}
