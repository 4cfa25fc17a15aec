import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Sql } from 'postgres'
import { StartupError } from '#server/core/env'
import { build, isBuilt, serverEntry } from '../lib/build.mjs'
import { addCustomers, fillTo, makeDatabase, type Customer } from './database'
import { load } from './load'
import { comparison, goals, page, table, type Results } from './report'
import { answeredQuestion, bare, idlePolls, measure, mostWidgets, openWidgets, pollOf, sends } from './scenarios'
import { startServer, type BenchServer } from './server'

/*
 * npm run bench: what the built server takes and how quickly it answers, beside a bare route of the same server. Brings its
 * own databases and servers; leaves nothing behind. --short: a minute, for CI, which only reports. --big: ten million
 * messages. --compare <json>: beside an earlier run. --entry <file>: another build. Writes docs/benchmarks/server.{md,json}
 * unless short.
 */
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, big: { type: 'boolean', default: false }, compare: { type: 'string' }, entry: { type: 'string' }, seconds: { type: 'string' }, out: { type: 'string' } } })
const SECONDS = Number(options.seconds ?? (options.short ? 3 : 10))
const CALLERS = 32
const began = performance.now()
const say = (line: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
const logs = mkdtempSync(join(tmpdir(), 'vb-bench-'))

async function main(): Promise<void> {
  if (!options.entry && !isBuilt()) {
    say('Building the server')
    await build()
  }
  const entry = options.entry ?? serverEntry
  const database = await makeDatabase()
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.versions.node,
    postgres: (await database.sql<{ version: string }[]>`select split_part(current_setting('server_version'), ' ', 1) as version`)[0]!.version,
    loadAverage: 0, seconds: SECONDS, short: options.short, rows: [], ready: {}, widgets: null, two: null, growth: [], long: [],
  }
  try {
    await onPostgres(entry, database.url, database.sql, results)
    if (!options.short) await onPglite(entry, results)
  }
  finally {
    await database.drop()
    rmSync(logs, { recursive: true, force: true })
  }
  results.loadAverage = loadavg()[0]!
  report(results)
}

async function withServer<Result>(entry: string, env: Record<string, string>, work: (server: BenchServer) => Promise<Result>): Promise<Result> {
  const server = await startServer(entry, env, join(logs, 'server.log'))
  try {
    return await work(server)
  }
  finally {
    await server.stop()
  }
}

async function onPostgres(entry: string, url: string, sql: Sql, results: Results): Promise<void> {
  const env = { DATABASE_URL: url }
  await withServer(entry, env, async () => {})
  const customers = await addCustomers(sql, CALLERS)
  await withServer(entry, env, async (server) => {
    results.ready.PostgreSQL = server.readyMs
    say(`Ready on PostgreSQL after ${server.readyMs.toFixed(0)} ms`)
    await compareWithBare('PostgreSQL', server, customers, results)
    if (!options.short) await growing(server, sql, results)
    await widgets(server, sql, results)
  })
  if (!options.short) await twoProcesses(entry, env, customers, results)
}

/** The bare route, the idle poll, a poll from the database and an answered question, one after the other on one server. */
async function compareWithBare(kind: string, server: BenchServer, customers: Customer[], results: Results): Promise<void> {
  const run = async (name: string, asks: Parameters<typeof measure>[2], status: number) => {
    const row = await measure(`${name}, ${kind}`, server, asks, { seconds: SECONDS, status, connections: CALLERS })
    results.rows.push(row)
    say(`${row.name}: ${row.perSecond.toFixed(0)}/s, p95 ${row.p95.toFixed(1)} ms${row.wrong ? `, ${row.wrong} wrong` : ''}`)
  }
  await run('bare route', [bare], 204)
  await run('idle poll', await idlePolls(server.origin, customers), 304)
  await run('poll from the database', customers.map(customer => pollOf(customer, 2_000_000)), 200)
  await run('FAQ answer', sends(customers, await answeredQuestion(server.origin, customers[0]!)), 200)
}

/** One caller, so that only the time of the answer itself counts; p50. */
async function alone(server: BenchServer, customer: Customer): Promise<{ poll: number, send: number }> {
  const options = { connections: 1, seconds: Math.min(SECONDS, 4), status: 200 }
  const poll = await load(server.origin, [pollOf(customer, 2_000_000)], options)
  const send = await load(server.origin, sends([customer], await answeredQuestion(server.origin, customer)), options)
  return { poll: poll.p50, send: send.p50 }
}

async function growing(server: BenchServer, sql: Sql, results: Results): Promise<void> {
  for (const messages of options.big ? [10_000, 1_000_000, 10_000_000] : [10_000, 300_000]) {
    await fillTo(sql, messages)
    const [customer] = await addCustomers(sql, 1)
    results.growth.push({ messages, ...await alone(server, customer!) })
    say(`${messages.toLocaleString('en')} messages: ${JSON.stringify(results.growth.at(-1))}`)
  }
  for (const messages of [2, 5_000]) {
    const [customer] = await addCustomers(sql, 1, messages)
    results.long.push({ messages, ...await alone(server, customer!) })
  }
  say(`A conversation of 5,000 messages: ${JSON.stringify(results.long.at(-1))}`)
}

async function widgets(server: BenchServer, sql: Sql, results: Results): Promise<void> {
  const perSecond = results.rows.find(row => row.name.startsWith('bare'))!.perSecond
  const most = options.short ? 500 : Math.round(perSecond * 2.5 / 16) * 16
  const people = await addCustomers(sql, most)
  const question = await answeredQuestion(server.origin, people[0]!)
  results.widgets = options.short ? await openWidgets(server.origin, people, question, 5) : await mostWidgets(server.origin, people, question, Math.max(SECONDS, 8), say)
  say(`${results.widgets.widgets} open widgets: p95 ${results.widgets.p95.toFixed(1)} ms`)
}

/** A cluster of two where the server can be one, else two servers; idle polls, by two generators' worth of callers. */
async function twoProcesses(entry: string, env: Record<string, string>, customers: Customer[], results: Results): Promise<void> {
  const polls = async (servers: BenchServer[]) => {
    const asks = await idlePolls(servers[0]!.origin, customers)
    const loads = await Promise.all(servers.map(server => load(server.origin, asks, { connections: 64 / servers.length, seconds: SECONDS, status: 304 })))
    return loads.reduce((sum, { perSecond }) => sum + perSecond, 0)
  }
  const one = await withServer(entry, env, server => polls([server]))
  await withServer(entry, { ...env, WORKERS: '2' }, async (first) => {
    const cluster = first.processes().length > 1
    const both = cluster ? await polls([first]) : await withServer(entry, env, second => polls([first, second]))
    results.two = { how: cluster ? 'WORKERS=2' : 'two servers', one, both }
  })
  say(`Two processes: ${(results.two!.both / one).toFixed(2)} × one`)
}

async function onPglite(entry: string, results: Results): Promise<void> {
  const folder = join(logs, 'pglite')
  await withServer(entry, { DATA_DIR: folder }, async () => {})
  await withServer(entry, { DATA_DIR: folder }, async (server) => {
    results.ready.PGlite = server.readyMs
    say(`Ready on an existing PGlite folder after ${server.readyMs.toFixed(0)} ms`)
    const customers: Customer[] = []
    for (let n = 0; n < CALLERS; n++) customers.push(await signUp(server.origin, n))
    await compareWithBare('PGlite', server, customers, results)
  })
}

/** As a person does it: the folder is the server's alone. */
async function signUp(origin: string, n: number): Promise<Customer> {
  const post = async (path: string, body: object, cookie = '') => {
    const response = await fetch(`${origin}/api/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify(body) })
    return { body: await response.json() as Record<string, string>, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }
  const account = { email: `bench-${n}@bench.example`, password: 'olive-harbour-lemon-linen' }
  await post('auth/register', { ...account, name: 'Bench' })
  const { cookie } = await post('auth/login', account)
  const { body } = await post('chatbot/messages', { message_text: 'How much does it cost?' }, cookie)
  return { id: '', cookie, conversationId: body.conversation_id! }
}

function report(results: Results): void {
  console.log(`\n${table(results)}\n`)
  for (const { goal, measured, met } of goals(results)) console.log(`  ${met === null ? ' ' : met ? '✓' : '✗'} ${goal}: ${measured}`)
  if (options.compare) console.log(`\nAgainst ${options.compare}:\n${comparison(JSON.parse(readFileSync(options.compare, 'utf8')) as Results, results)}`)
  const out = options.out ?? (options.short ? null : 'docs/benchmarks/server')
  if (!out) return
  writeFileSync(`${out}.json`, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(`${out}.md`, page(results))
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
