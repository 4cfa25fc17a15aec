import type { Redis } from 'ioredis'
import { keepSeconds, newestSlice, oldestSlice, sliceAt, waitFor, type RateLimit } from './window'

/** Counts and decides in one step inside Redis, so that no two servers both take the last call. */
const TAKE = `
local hits = redis.call('HGETALL', KEYS[1])
local sum = 0
for i = 1, #hits, 2 do
  if tonumber(hits[i]) < tonumber(ARGV[2]) or tonumber(hits[i]) > tonumber(ARGV[5]) then redis.call('HDEL', KEYS[1], hits[i]) else sum = sum + tonumber(hits[i + 1]) end
end
if sum >= tonumber(ARGV[3]) then return hits end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {}`

const GIVE_BACK = `
local newest = nil
for _, slice in ipairs(redis.call('HKEYS', KEYS[1])) do
  if newest == nil or tonumber(slice) > tonumber(newest) then newest = slice end
end
if newest and redis.call('HINCRBY', KEYS[1], newest, -1) <= 0 then redis.call('HDEL', KEYS[1], newest) end
return 1`

/** A request must not wait longer than this for being counted. */
const PATIENCE_MS = 300

/** Counts in Redis, exact over any number of servers. Every call throws while Redis does not answer. */
export class RedisCounts {
  private client: Promise<Redis> | undefined

  constructor(private readonly url: string, private readonly now: () => number) {}

  private connect(): Promise<Redis> {
    return this.client ??= (async () => {
      const { Redis } = await import('ioredis')
      const client = new Redis(this.url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0, connectTimeout: PATIENCE_MS, commandTimeout: PATIENCE_MS, retryStrategy: tries => Math.min(tries * 500, 5_000) })
      // Each command says for itself that it failed; without a listener the client would print every attempt.
      client.on('error', () => {})
      await client.connect().catch(() => {})
      return client
    })()
  }

  /** 0, or the milliseconds until a call fits. */
  async take(limit: RateLimit, key: string): Promise<number> {
    const now = this.now()
    const flat = await (await this.connect()).eval(TAKE, 1, name(key), sliceAt(limit, now), oldestSlice(limit, now), limit.points, keepSeconds(limit), newestSlice(limit, now)) as string[]
    if (!flat.length) return 0
    const hits = new Map<number, number>()
    for (let at = 0; at < flat.length; at += 2) hits.set(Number(flat[at]), Number(flat[at + 1]))
    return Math.max(1, waitFor(limit, hits, now))
  }

  async giveBack(key: string): Promise<void> {
    await (await this.connect()).eval(GIVE_BACK, 1, name(key))
  }

  async close(): Promise<void> {
    const client = await this.client
    client?.disconnect()
  }
}

const name = (key: string) => `vasiliasbot:limit:${key}`
