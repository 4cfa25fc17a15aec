import type { Sql } from 'postgres'
import { withServer, type Bench } from './bench'
import { addCustomers, makeDatabase, type BenchDatabase, type Customer } from './database'
import { fillTo } from './fill'
import { load, type Asked } from './load'
import type { Grown } from './report'
import { answeredQuestion, pollOf, sends } from './scenarios'
import type { BenchServer } from './server'

/** The sizes take turns, so that whatever else the machine does meets all of them alike. */
const ROUNDS = 15
const ROUND_SECONDS = 1

interface Place { server: BenchServer, customer: Customer, messages: number }
interface Sampled { poll: number[], send: number[] }

/**
 * How long a poll and an answered question take one caller, by the number of messages in the database: each size is a
 * database with a server of its own.
 */
export async function measureGrowth(bench: Bench, sizes: number[]): Promise<Grown[]> {
  const databases: BenchDatabase[] = []
  const inTurn = async (index: number, places: Place[]): Promise<Grown[]> => {
    if (index === sizes.length) return takeTurns(places)
    const messages = sizes[index]!
    const database = await makeDatabase()
    databases.push(database)
    const env = { DATABASE_URL: database.url }
    await withServer(bench, env, async () => {})
    const began = performance.now()
    await fillTo(database.url, messages, line => bench.say(`  ${line}`))
    bench.say(`A database of ${messages.toLocaleString('en')} messages, in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const [customer] = await addCustomers(database.sql, 1)
    return withServer(bench, env, server => inTurn(index + 1, [...places, { server, customer: customer!, messages }]))
  }
  try {
    return await inTurn(0, [])
  }
  finally {
    for (const database of databases) await database.drop()
  }
}

/** The same by the number of messages in the customer's own conversation, in one database. */
export async function measureLength(server: BenchServer, sql: Sql, lengths: number[]): Promise<Grown[]> {
  const places: Place[] = []
  for (const messages of lengths) places.push({ server, customer: (await addCustomers(sql, 1, messages))[0]!, messages })
  return takeTurns(places)
}

/** One caller, so that only the time of the answer itself counts: the median of all rounds' medians, in ms. */
async function takeTurns(places: Place[]): Promise<Grown[]> {
  const asks: { poll: Asked[], send: (() => Asked)[] }[] = []
  for (const { server, customer } of places) asks.push({ poll: [pollOf(customer, 2_000_000)], send: sends([customer], await answeredQuestion(server.origin, customer)) })
  const taken: Sampled[] = places.map(() => ({ poll: [], send: [] }))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['poll', 'send'] as const) {
      for (const [index, { server }] of places.entries()) {
        const { p50 } = await load(server.origin, asks[index]![kind], { connections: 1, seconds: ROUND_SECONDS, status: 200 })
        // The first round warms.
        if (round > 0) taken[index]![kind].push(p50)
      }
    }
  }
  return places.map(({ messages }, index) => ({ messages, poll: median(taken[index]!.poll), send: median(taken[index]!.send) }))
}

/** The middle one; of an even number the upper of the two. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
