import { createHash } from 'node:crypto'
import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { isDatabaseOpen } from '#server/db/client'
import { LocalCounts } from './local-counts'
import { RedisCounts } from './redis-counts'
import { exchange, forgetExpired, giveBackInDatabase, takeInDatabase } from './shared-counts'
import type { RateLimit } from './window'

/*
 * Where calls are counted (docs/decisions/0021): in Redis where REDIS_URL is set; else, with DATABASE_URL, limits that are
 * `exact` in the database and all others in memory, exchanged with the database every two seconds; else in memory alone.
 * Whatever fails, memory decides: a customer never gets an error because something could not be counted.
 */
const EXCHANGE_MS = 2_000
const SWEEP_EVERY = 300

let now: () => number = Date.now
let local = new LocalCounts(() => now())
let redis: RedisCounts | undefined
let timer: NodeJS.Timeout | undefined
let exchanges = 0
let isOut = false

/** Addresses, e-mails and ids are kept hashed: nobody needs them in the clear here. */
const keyOf = (limit: RateLimit, key: string) => createHash('sha256').update(`${limit.name}\n${key}`).digest('base64url').slice(0, 27)

/** Takes one call; gives 0, or the milliseconds until one fits. Never throws. */
export async function takeCall(limit: RateLimit, key: string): Promise<number> {
  if (env().RATE_LIMITS === 'off') return 0
  const name = keyOf(limit, key)
  const asked = await ask(limit, store => store.take(limit, name), () => takeInDatabase(limit, name, now()))
  if (asked !== undefined) return asked
  const wait = local.take(limit, name)
  exchangeSoon()
  return wait
}

/** Gives the newest call back, after a success for instance where only failures count. Never throws. */
export async function giveCallBack(limit: RateLimit, key: string): Promise<void> {
  if (env().RATE_LIMITS === 'off') return
  const name = keyOf(limit, key)
  const asked = await ask(limit, store => store.giveBack(name).then(() => 0), () => giveBackInDatabase(name).then(() => 0))
  if (asked === undefined) local.giveBack(name)
}

/** What the shared count says; undefined: this limit is kept in memory, or the shared count cannot be asked. */
async function ask(limit: RateLimit, inRedis: (store: RedisCounts) => Promise<number>, inDatabase: () => Promise<number>): Promise<number | undefined> {
  const { REDIS_URL, embedded } = env()
  try {
    const found = REDIS_URL ? await inRedis(redis ??= new RedisCounts(REDIS_URL, () => now())) : limit.exact && !embedded ? await inDatabase() : undefined
    if (isOut && found !== undefined) log.info('Rate limits are counted together again')
    if (found !== undefined) isOut = false
    return found
  }
  catch (err) {
    // Once, and not with each of the requests that follow.
    if (!isOut) log.warn({ err }, `Rate limits cannot be counted in ${REDIS_URL ? 'Redis' : 'the database'}: until they can, each server counts its own`)
    isOut = true
    return undefined
  }
}

function exchangeSoon(): void {
  const { REDIS_URL, embedded } = env()
  timer ??= setTimeout(() => {
    timer = undefined
    if (++exchanges % SWEEP_EVERY === 0) local.sweep()
    if (!REDIS_URL && !embedded) void exchangeNow().catch(() => {})
  }, EXCHANGE_MS).unref()
}

/** Exchanges counts with the other servers; by itself every two seconds while calls come. */
export async function exchangeNow(): Promise<void> {
  if (!isDatabaseOpen()) return
  await exchange(local, now())
  if (exchanges % SWEEP_EVERY === 0) await forgetExpired(now())
}

/** Brings the last counts to the others and lets Redis go. */
export async function closeLimits(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  if (isDatabaseOpen() && !env().embedded && !env().REDIS_URL && env().RATE_LIMITS !== 'off') await exchangeNow().catch(() => {})
  await redis?.close()
  redis = undefined
}

/** Forgets what this process counted, and whose clock it goes by; for tests. */
export function resetLimits(clock: () => number = Date.now): void {
  now = clock
  local = new LocalCounts(() => now())
  void redis?.close()
  redis = undefined
  isOut = false
}
