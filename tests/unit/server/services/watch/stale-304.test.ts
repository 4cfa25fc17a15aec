import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRUST_MS } from '#server/services/watch/feed-health'
import { MAX_AGE_MS, World, type Server } from './two-servers'

/*
 * The guarantee of docs/decisions/0022, against a model: whatever is cut, delayed, lost or comes in another order, what a
 * server gives from memory is never older than TRUST_MS, and never older than what that server has itself written.
 */
const CUSTOMERS = ['anna', 'ben']

interface Model { hits: number }
type Command = fc.AsyncCommand<Model, World>

const server = (world: World, index: number): Server => world.servers[index]!

function checkPoll(world: World, at: Server, customer: string): boolean {
  const given = at.cache.find(customer)
  if (given === undefined) return false
  expect(given).toBeGreaterThanOrEqual(world.versionAt(customer, world.now - TRUST_MS - 0.001))
  expect(given).toBeGreaterThanOrEqual(at.written.get(customer) ?? 0)
  // A change under way here may be in force already: nothing is given meanwhile.
  expect(at.writes.some(write => write.customer === customer)).toBe(false)
  return true
}

const command = (name: string, run: (world: World, model: Model) => Promise<void> | void): Command => ({
  check: () => true,
  run: async (model, world) => {
    await run(world, model)
    // After every step, each server is polled for each customer.
    for (const each of world.servers) for (const customer of CUSTOMERS) if (checkPoll(world, each, customer)) model.hits++
  },
  toString: () => name,
})

const index = fc.nat({ max: 1 })
const customer = fc.constantFrom(...CUSTOMERS)

const calm = index.map(i => command(`calm ${i}`, world => server(world, i).calm()))
const arrive = fc.tuple(index, fc.nat()).map(([i, at]) => command(`arrive ${i} ${at}`, async (world) => {
  const { reads } = server(world, i)
  if (reads.length) await server(world, i).endRead(at % reads.length)
}))
const read = fc.tuple(index, customer).map(([i, who]) => command(`read ${i} ${who}`, world => server(world, i).beginRead(who)))

const commands = [
  // Thrice, so that there is something to lose when things go wrong.
  calm, calm, calm, read, read, read, arrive, arrive, arrive,
  fc.oneof(fc.nat({ max: 900 }), fc.constantFrom(1_999, 2_001, 61_000)).map(ms => command(`wait ${ms}`, (world) => {
    world.now += ms
  })),
  // A heartbeat, or a new connection where there is none. As the timer does it; never awaited by anybody.
  index.map(i => command(`tick ${i}`, world => server(world, i).watch.tick())),
  fc.tuple(index, fc.integer({ min: 1, max: 6 })).map(([i, times]) => command(`deliver ${i} ×${times}`, (world) => {
    for (let n = 0; n < times; n++) server(world, i).deliver()
  })),
  // Somebody else (another server, a person at psql) commits.
  customer.map(who => command(`commit elsewhere ${who}`, world => void world.commit(who))),
  // This server's own change: begun, committed (or not), and its outcome known, each at a time of its own.
  fc.tuple(index, customer).map(([i, who]) => command(`write ${i} ${who}`, world => server(world, i).beginWrite(who))),
  fc.tuple(index, fc.nat()).map(([i, n]) => command(`commit ${i} ${n}`, (world) => {
    const { writes } = server(world, i)
    if (writes.length) server(world, i).commitWrite(n % writes.length)
  })),
  fc.tuple(index, fc.nat()).map(([i, n]) => command(`written ${i} ${n}`, (world) => {
    const { writes } = server(world, i)
    if (writes.length) server(world, i).endWrite(n % writes.length)
  })),
  index.map(i => command(`lose ${i}`, world => server(world, i).lose())),
  // The other end is gone and nobody says so: nothing comes any more.
  index.map(i => command(`half-open ${i}`, (world) => {
    const at = server(world, i)
    at.cut(at.line)
    if (at.line) at.line.letters.length = 0
  })),
  // Behind a pooler only what a connection itself says comes back.
  fc.tuple(index, fc.boolean()).map(([i, pooled]) => command(`pooler ${i} ${pooled}`, (world) => {
    server(world, i).pooled = pooled
  })),
  // Notifications of changes overtake each other and repeat. A heartbeat overtakes nothing: the database sends in order.
  fc.tuple(index, fc.nat(), fc.nat()).map(([i, a, b]) => command(`reorder ${i} ${a} ${b}`, (world) => {
    const letters = server(world, i).line?.letters ?? []
    if (letters.length < 2) return
    const from = a % letters.length
    const to = b % letters.length
    const between = letters.slice(Math.min(from, to), Math.max(from, to) + 1)
    if (between.some(letter => letter.payload.startsWith('h'))) return
    const [moved] = letters.splice(from, 1)
    letters.splice(to, 0, moved!, moved!)
  })),
  // Strangers on the channel, an older heartbeat again.
  fc.tuple(index, fc.constantFrom('', 'h', 'hx.1.1', 'cnobody', 'h..', 'x')).map(([i, payload]) => command(`noise ${i} ${payload}`, world => server(world, i).line?.events.heard(payload))),
  fc.boolean().map(reachable => command(`database ${reachable ? 'back' : 'away'}`, (world) => {
    world.reachable = reachable
    if (!reachable) for (const each of world.servers) each.lose()
  })),
]

/** Runs one schedule; how many polls memory answered in it. */
async function play(schedule: Iterable<Command>): Promise<number> {
  const world = new World(CUSTOMERS)
  const model: Model = { hits: 0 }
  await fc.asyncModelRun(() => ({ model, real: world }), schedule)
  return model.hits
}

describe('What is given from memory', () => {
  it('is never older than the bound, nor than what the same server wrote, whatever happens to the listener', async () => {
    let hits = 0
    await fc.assert(fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (schedule) => {
      hits += await play(schedule)
    }), { numRuns: 1_500 })
    // Else the test would prove that an empty cache is never wrong.
    expect(hits).toBeGreaterThan(3_000)
  }, 120_000)

  const calmWorld = async () => {
    const world = new World(CUSTOMERS)
    const [one, other] = world.servers as [Server, Server]
    for (const each of world.servers) for (let n = 0; n < 2; n++) await each.calm()
    const learn = async (at: Server, who: string) => {
      at.beginRead(who)
      await at.endRead(at.reads.length - 1)
    }
    return { world, one, other, learn }
  }

  it('answers for as long as heartbeats come back, and a change elsewhere ends it', async () => {
    const { world, one, learn } = await calmWorld()
    await learn(one, 'anna')
    for (let n = 0; n < 20; n++) {
      world.now += 500
      await one.calm()
      expect(one.cache.find('anna')).toBe(1)
    }
    world.commit('anna')
    one.deliverAll()
    expect(one.cache.find('anna')).toBeUndefined()
  })

  it('says nothing once the heartbeats are late, and goes on when they have caught up', async () => {
    const { world, one, learn } = await calmWorld()
    await learn(one, 'anna')
    world.now += TRUST_MS
    expect(one.cache.find('anna')).toBe(1)
    world.now += 1
    expect(one.cache.find('anna')).toBeUndefined()
    await one.calm()
    expect(one.cache.find('anna')).toBe(1)
  })

  it('trusts a heartbeat as of when it was sent, not as of when it came', async () => {
    const { world, one, learn } = await calmWorld()
    await learn(one, 'anna')
    await one.watch.tick()
    world.now += TRUST_MS + 1
    one.deliverAll()
    expect(one.cache.find('anna')).toBeUndefined()
  })

  it('forgets what it knew when the connection is lost, though the next one is sound', async () => {
    const { world, one, learn } = await calmWorld()
    await learn(one, 'anna')
    one.lose()
    world.commit('anna')
    await one.calm()
    await one.calm()
    expect(one.watch.health.trusted(world.now)).toBe(true)
    expect(one.cache.find('anna')).toBeUndefined()
  })

  it('gives up a connection that nothing comes back on, and takes another', async () => {
    const { world, one } = await calmWorld()
    const { line } = one
    one.cut(line)
    for (let n = 0; n < 11; n++) {
      world.now += 500
      await one.watch.tick()
    }
    expect(one.line).not.toBe(line)
    await one.calm()
    expect(one.watch.health.trusted(world.now)).toBe(true)
  })

  it('never trusts a connection that hears nobody but itself', async () => {
    const { world, one, learn } = await calmWorld()
    one.pooled = true
    one.lose()
    for (let n = 0; n < 5; n++) await one.calm()
    await learn(one, 'anna')
    expect(one.watch.health.trusted(world.now)).toBe(false)
    expect(one.cache.find('anna')).toBeUndefined()
  })

  it('keeps nothing that was being read when the change became known', async () => {
    const { world, one } = await calmWorld()
    one.beginRead('anna')
    world.commit('anna')
    one.deliverAll()
    // Others come and go meanwhile.
    for (const who of ['ben', 'ben']) {
      one.beginRead(who)
      await one.endRead(1)
    }
    await one.endRead(0)
    expect(one.cache.find('anna')).toBeUndefined()
    expect(one.cache.find('ben')).toBe(1)
  })

  it('keeps nothing that was read while this server wrote, nor gives anything meanwhile', async () => {
    const { one, learn } = await calmWorld()
    await learn(one, 'anna')
    one.beginWrite('anna')
    one.beginRead('anna')
    expect(one.cache.find('anna')).toBeUndefined()
    one.commitWrite(0)
    one.endWrite(0)
    await one.endRead(0)
    expect(one.cache.find('anna')).toBeUndefined()
    await learn(one, 'anna')
    expect(one.cache.find('anna')).toBe(2)
  })

  it('does not forget at one moment what it learnt at one moment', async () => {
    const many = Array.from({ length: 100 }, (_, n) => `customer ${n}`)
    const world = new World(many, 1)
    const [one] = world.servers as [Server]
    for (let n = 0; n < 2; n++) await one.calm()
    for (const who of many) {
      one.beginRead(who)
      await one.endRead(0)
    }
    const kept = async (share: number) => {
      for (const until = learntAt + MAX_AGE_MS * share; world.now < until; world.now += 500) await one.calm()
      return many.filter(who => one.cache.find(who) !== undefined).length
    }
    const learntAt = world.now
    const left = []
    for (const share of [0.49, 0.6, 0.7, 0.8, 0.9, 1.01]) left.push(await kept(share))
    expect([left[0], left.at(-1)]).toEqual([100, 0])
    // About as many in each tenth of the time.
    for (const [index, count] of left.slice(1, -1).entries()) expect(Math.abs(count - (80 - index * 20))).toBeLessThan(5)
  })

  it('forgets what was not used for longest, and everything when it stops', async () => {
    const world = new World(Array.from({ length: 101 }, (_, n) => `customer ${n}`), 1)
    const [one] = world.servers as [Server]
    for (let n = 0; n < 2; n++) await one.calm()
    for (const who of world.commits.keys()) {
      one.beginRead(who)
      await one.endRead(0)
      one.cache.find('customer 0')
    }
    expect(one.cache.size).toBe(100)
    expect([one.cache.find('customer 0'), one.cache.find('customer 1')]).toEqual([1, undefined])
    await one.watch.stop()
    expect([one.cache.size, one.cache.find('customer 0')]).toEqual([0, undefined])
  })
})
