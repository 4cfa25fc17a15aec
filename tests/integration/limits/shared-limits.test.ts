import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { env, setEnv } from '#server/core/env'
import { deleteExpiredHits, findHits } from '#server/db/rate-limits'
import { closeLimits, exchangeNow, giveCallBack, resetLimits, takeCall } from '#server/services/limits/limits'
import { LocalCounts } from '#server/services/limits/local-counts'
import { RedisCounts } from '#server/services/limits/redis-counts'
import { exchange, giveBackInDatabase, takeInDatabase } from '#server/services/limits/shared-counts'
import { openTestDatabase, type TestDatabase } from '../../support/test-database'

const REDIS = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
/** Like PostgreSQL's half of these tests, Redis's is left out where none answers, but not in CI. */
const hasRedis = process.env.CI === 'true' || await new Promise<boolean>((resolve) => {
  const { hostname, port } = new URL(REDIS)
  const socket = connect({ host: hostname, port: Number(port || 6379) }, () => resolve(Boolean(socket.destroy()))).on('error', () => resolve(false))
})
const three = { name: 'three', points: 3, seconds: 60 }
const START = 1_800_000_000_000

let db: TestDatabase
let now = START
let key = 0
const fresh = () => `key-${process.pid}-${Date.now()}-${++key}`
beforeAll(async () => {
  db = await openTestDatabase({ RATE_LIMITS: 'on' })
})
afterAll(() => db.close())
beforeEach(() => {
  now = START
  resetLimits(() => now)
})
afterEach(() => closeLimits())

describe('limits in the database', () => {
  it('let no two servers both take the last call', async () => {
    const name = fresh()
    const waits = await Promise.all(Array.from({ length: 12 }, () => takeInDatabase(three, name, now)))
    expect(waits.filter(wait => wait === 0)).toHaveLength(3)
    const wait = Math.max(...waits)
    expect(await takeInDatabase(three, name, now + wait - 1)).toBe(1)
    expect(await takeInDatabase(three, name, now + wait)).toBe(0)
  })

  it('give back, also a call that nobody took', async () => {
    const name = fresh()
    await giveBackInDatabase(name)
    for (let call = 0; call < 3; call++) await takeInDatabase(three, name, now)
    await giveBackInDatabase(name)
    expect([await takeInDatabase(three, name, now), await takeInDatabase(three, name, now) > 0]).toEqual([0, true])
  })

  it('keep nobody waiting for what a server has counted whose clock is hours ahead', async () => {
    const name = fresh()
    for (let call = 0; call < 3; call++) await takeInDatabase(three, name, now + 5 * 3_600_000)
    for (let call = 0; call < 3; call++) expect(await takeInDatabase(three, name, now)).toBe(0)
    expect(await takeInDatabase(three, name, now)).toBeGreaterThan(0)
  })

  it('are forgotten when their window is over', async () => {
    const name = fresh()
    await takeInDatabase(three, name, now)
    await deleteExpiredHits(new Date(now + 60_000))
    expect(await findHits(name)).not.toBeNull()
    await deleteExpiredHits(new Date(now + 62_000))
    expect(await findHits(name)).toBeNull()
  })
})

describe('limits in memory, exchanged with the database', () => {
  it('know after an exchange what the other server let through', async () => {
    const name = fresh()
    const [one, two] = [new LocalCounts(() => now), new LocalCounts(() => now)]
    expect([one.take(three, name), one.take(three, name), two.take(three, name)]).toEqual([0, 0, 0])
    await exchange(one, now)
    await exchange(two, now)
    expect(two.take(three, name)).toBeGreaterThan(0)
    // The first has not asked since; it may let one more through, and knows when it has brought it.
    expect(one.take(three, name)).toBe(0)
    await exchange(one, now)
    expect(one.take(three, name)).toBeGreaterThan(0)
    expect(Object.values((await findHits(name))!).reduce((sum, count) => sum + count)).toBe(4)
  })

  it('count each call once, whatever the exchange meets', async () => {
    const name = fresh()
    const counts = new LocalCounts(() => now)
    counts.take(three, name)
    await Promise.all([exchange(counts, now), exchange(counts, now)])
    counts.take(three, name)
    counts.giveBack(name)
    await exchange(counts, now)
    expect(Object.values((await findHits(name))!).reduce((sum, count) => sum + count)).toBe(1)
    expect([counts.take(three, name), counts.take(three, name), counts.take(three, name) > 0]).toEqual([0, 0, true])
  })

  it('go by themselves from call to database', async () => {
    const name = fresh()
    for (let call = 0; call < 3; call++) expect(await takeCall(three, name)).toBe(0)
    expect(await takeCall(three, name)).toBeGreaterThan(0)
    await giveCallBack(three, name)
    expect(await takeCall(three, name)).toBe(0)
    await exchangeNow()
    await exchangeNow()
  })
})

describe('limits in Redis', () => {
  it.skipIf(!hasRedis)('let no two servers both take the last call, and tell when the next one fits', async () => {
    const servers = [new RedisCounts(REDIS, () => now), new RedisCounts(REDIS, () => now)]
    const name = fresh()
    const waits = await Promise.all(Array.from({ length: 12 }, (_, call) => servers[call % 2]!.take(three, name)))
    expect(waits.filter(wait => wait === 0)).toHaveLength(3)
    now += Math.max(...waits) - 1
    expect(await servers[0]!.take(three, name)).toBe(1)
    now += 1
    expect(await servers[1]!.take(three, name)).toBe(0)
    await servers[0]!.giveBack(name)
    expect(await servers[1]!.take(three, name)).toBe(0)
    await Promise.all(servers.map(server => server.close()))
  })

  it.skipIf(!hasRedis)('keep nobody waiting for what a server has counted whose clock is hours ahead', async () => {
    const redis = new RedisCounts(REDIS, () => now)
    const name = fresh()
    now += 5 * 3_600_000
    for (let call = 0; call < 3; call++) expect(await redis.take(three, name)).toBe(0)
    now = START
    for (let call = 0; call < 3; call++) expect(await redis.take(three, name)).toBe(0)
    expect(await redis.take(three, name)).toBeGreaterThan(0)
    await redis.close()
  })

  it.skipIf(!hasRedis)('are what counts when REDIS_URL is set', async () => {
    setEnv({ ...env(), REDIS_URL: REDIS })
    const name = fresh()
    for (let call = 0; call < 3; call++) expect(await takeCall(three, name)).toBe(0)
    resetLimits(() => now)
    expect(await takeCall(three, name)).toBeGreaterThan(0)
    await giveCallBack(three, name)
    expect(await takeCall(three, name)).toBe(0)
  })

  it.each([['refuses connections', false], ['takes connections and says nothing', true]])('are kept in memory while Redis %s: limited still, and no error', async (_, silent) => {
    const sockets = new Set<{ destroy: () => void }>()
    const server: Server = createServer(socket => sockets.add(socket.on('error', () => {})))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    if (!silent) await new Promise(resolve => server.close(resolve))
    setEnv({ ...env(), REDIS_URL: `redis://127.0.0.1:${port}` })
    const name = fresh()
    for (let call = 0; call < 3; call++) expect(await takeCall(three, name)).toBe(0)
    expect(await takeCall(three, name)).toBeGreaterThan(0)
    await giveCallBack(three, name)
    expect(await takeCall(three, name)).toBe(0)
    await closeLimits()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  afterEach(() => setEnv({ ...env(), REDIS_URL: undefined }))
})
