import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { StartupError } from '#server/core/env'
import { build, isBuilt, serverEntry } from '../lib/build.mjs'
import { stopAll, withServer, type Bench } from './bench'
import { addCustomers, dropAll, makeDatabase, type BenchDatabase, type Customer } from './database'
import { measureEndurance } from './endurance'
import { measureGrowth, measureLength, median } from './growth'
import { load } from './load'
import { functionList, moduleTable, readProfile } from './profile'
import { comparison, goals, page, table, type Results } from './report'
import { answeredQuestion, bare, cheapPolls, idlePolls, measure, mostWidgets, openWidgets, pollOf, sends } from './scenarios'
import type { BenchServer } from './server'

/*
 * npm run bench: what the built server takes and how quickly it answers, beside a bare route of the same server. Brings its
 * own databases and servers; leaves nothing behind. Writes docs/benchmarks/server.{md,json} (--out: elsewhere) where it
 * measured everything.
 *
 * --short            a minute, for CI, which only reports
 * --messages <n>     how far the database grows; --big: ten million
 * --minutes <n>      so many minutes of load, for the memory after them
 * --profile <folder> leaves a .cpuprofile of each scenario there and prints the functions that take longest
 * --only <parts>     of scenarios, length, widgets, minutes, growth, two, pglite; with commas between them
 * --compare <json>   beside an earlier run; --entry <file>: another build; --seconds <n>: of each scenario
 */
const { values: options } = parseArgs({ options: {
  short: { type: 'boolean', default: false }, big: { type: 'boolean', default: false }, messages: { type: 'string' }, minutes: { type: 'string', default: '0' },
  profile: { type: 'string' }, only: { type: 'string' }, compare: { type: 'string' }, entry: { type: 'string' }, seconds: { type: 'string' }, out: { type: 'string' },
} })
const PARTS = ['scenarios', 'length', 'widgets', 'minutes', 'growth', 'two', 'pglite'] as const
const wanted = new Set<string>(options.only?.split(',') ?? (options.short ? ['scenarios', 'widgets'] : PARTS))
const wants = (part: typeof PARTS[number]) => wanted.has(part)
const CALLERS = 32
const PROFILE_SECONDS = 4
const SMALL_DATABASE = 10_000
const began = performance.now()
const say = (line: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)

async function main(): Promise<void> {
  if (!options.entry && !isBuilt()) {
    say('Building the server')
    await build()
  }
  const database = await makeDatabase()
  const [postgres] = await database.sql<{ version: string }[]>`select split_part(current_setting('server_version'), ' ', 1) as version`
  const seconds = Number(options.seconds ?? (options.short ? 3 : 10))
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.versions.node,
    postgres: postgres!.version,
    loadAverage: 0, seconds, short: options.short, rows: [], profiles: [], ready: {}, widgets: null, two: null, resident: [], growth: [], long: [],
  }
  const bench: Bench = { entry: options.entry ?? serverEntry, seconds, folder: mkdtempSync(join(tmpdir(), 'vb-bench-')), results, say }
  try {
    await onPostgres(bench, database)
    if (wants('growth')) results.growth = await measureGrowth(bench, [SMALL_DATABASE, ...(options.big ? [1_000_000, 10_000_000] : [Number(options.messages ?? 300_000)])])
    if (wants('pglite')) await onPglite(bench)
  }
  finally {
    await database.drop()
    rmSync(bench.folder, { recursive: true, force: true })
  }
  results.loadAverage = loadavg()[0]!
  report(results)
}

async function onPostgres(bench: Bench, database: BenchDatabase): Promise<void> {
  const { results } = bench
  const env = { DATABASE_URL: database.url }
  await withServer(bench, env, async () => {})
  const customers = await addCustomers(database.sql, CALLERS)
  await withServer(bench, env, async (server) => {
    results.ready.PostgreSQL = server.readyMs
    say(`Ready on PostgreSQL after ${server.readyMs.toFixed(0)} ms`)
    if (wants('scenarios')) await compareWithBare(bench, 'PostgreSQL', server, customers, database)
    if (wants('length')) {
      results.long = await measureLength(server, database.sql, [2, 5_000])
      say(`A conversation of 2 messages, and one of 5,000: ${JSON.stringify(results.long)}`)
    }
    if (wants('minutes')) results.resident = await measureEndurance(server, customers, await answeredQuestion(server.origin, customers[0]!), Number(options.minutes), say)
  }, { profiled: true })
  if (wants('widgets')) await withServer(bench, env, server => widgets(bench, server, database))
  if (wants('two')) await twoProcesses(bench, env, customers)
}

/** The bare route, the idle poll, a poll from the database and an answered question, one after the other on one server. */
async function compareWithBare({ seconds, results }: Bench, kind: string, server: BenchServer, customers: Customer[], database?: BenchDatabase): Promise<void> {
  const run = async (name: string, asks: Parameters<typeof measure>[2], status: number) => {
    const row = await measure(`${name}, ${kind}`, server, asks, { seconds, status, connections: CALLERS, databaseCpu: database?.cpu })
    results.rows.push(row)
    say(`${row.name}: ${row.perSecond.toFixed(0)}/s, p95 ${row.p95.toFixed(1)} ms${row.wrong ? `, ${row.wrong} wrong` : ''}`)
    if (!database || options.short) return
    const profile = await server.profile(() => load(server.origin, asks, { connections: CALLERS, seconds: PROFILE_SECONDS, status }))
    results.profiles.push(readProfile(name, profile))
    if (!options.profile) return
    mkdirSync(options.profile, { recursive: true })
    writeFileSync(join(options.profile, `${name.replaceAll(' ', '-')}.cpuprofile`), JSON.stringify(profile))
  }
  await run('bare route', [bare], 204)
  await run('idle poll', await idlePolls(server.origin, customers), 304)
  await run('poll from the database', customers.map(customer => pollOf(customer, 2_000_000)), 200)
  await run('FAQ answer', sends(customers, await answeredQuestion(server.origin, customers[0]!)), 200)
}

async function widgets({ seconds, results }: Bench, server: BenchServer, { sql }: BenchDatabase): Promise<void> {
  // Twice the goal: the first try is the goal itself.
  const perSecond = results.rows.find(row => row.name.startsWith('bare'))?.perSecond ?? 4_000
  const people = await addCustomers(sql, options.short ? 500 : Math.ceil(perSecond * 2.5 / 16) * 16)
  const question = await answeredQuestion(server.origin, people[0]!)
  results.widgets = options.short ? await openWidgets(server, people, question, 5) : await mostWidgets(server, people, question, Math.max(seconds, 8), say)
  say(`${results.widgets.widgets} open widgets: p95 ${results.widgets.p95.toFixed(1)} ms`)
}

/**
 * One process and a cluster of two, in turn: idle polls, of which the generator takes a share of the cores that the second
 * process would need, and the home page, beside which what the generator does is nothing.
 */
async function twoProcesses(bench: Bench, env: Record<string, string>, customers: Customer[]): Promise<void> {
  const { seconds } = bench
  type Taken = Record<'polls' | 'pages' | 'cores' | 'pageMs', number[]>
  const taken: Record<'one' | 'both', Taken> = { one: { polls: [], pages: [], cores: [], pageMs: [] }, both: { polls: [], pages: [], cores: [], pageMs: [] } }
  const generatorMs: number[] = []
  let wrong = 0
  const ask = async (server: BenchServer, into: Taken) => {
    const polls = await cheapPolls(server, await idlePolls(server.origin, customers), { connections: 64, seconds, status: 304 })
    await load(server.origin, [{ method: 'GET', path: '/' }], { seconds: 2, status: 200 })
    const cpuBefore = server.usage().cpu
    const pages = await load(server.origin, [{ method: 'GET', path: '/' }], { seconds, status: 200 })
    const cpu = server.usage().cpu - cpuBefore
    into.cores.push(cpu / seconds)
    into.pageMs.push(cpu / pages.answers * 1_000)
    into.polls.push(polls.perSecond)
    into.pages.push(pages.perSecond)
    generatorMs.push(polls.cpuMs)
    wrong += polls.wrong + pages.wrong
  }
  for (let round = 0; round < 3; round++) {
    await withServer(bench, env, server => ask(server, taken.one))
    await withServer(bench, { ...env, WORKERS: '2' }, server => ask(server, taken.both))
  }
  const of = (kind: keyof Taken) => ({ one: median(taken.one[kind]), both: median(taken.both[kind]) })
  bench.results.two = { polls: of('polls'), pages: of('pages'), cores: of('cores'), pageMs: of('pageMs'), generatorMs: median(generatorMs), wrong }
  say(`Two processes: ${JSON.stringify(bench.results.two)}`)
}

async function onPglite(bench: Bench): Promise<void> {
  const folder = join(bench.folder, 'pglite')
  await withServer(bench, { DATA_DIR: folder }, async () => {})
  await withServer(bench, { DATA_DIR: folder }, async (server) => {
    bench.results.ready.PGlite = server.readyMs
    say(`Ready on an existing PGlite folder after ${server.readyMs.toFixed(0)} ms`)
    const customers: Customer[] = []
    for (let n = 0; n < CALLERS; n++) customers.push(await signUp(server.origin, n))
    await compareWithBare(bench, 'PGlite', server, customers)
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
  if (options.profile && results.profiles.length) console.log(`\n${moduleTable(results.profiles)}\n\n${results.profiles.map(functionList).join('\n\n')}`)
  if (options.compare) console.log(`\nAgainst ${options.compare}:\n${comparison(JSON.parse(readFileSync(options.compare, 'utf8')) as Results, results)}`)
  const out = options.out ?? (options.short || options.only ? null : 'docs/benchmarks/server')
  if (!out) return
  writeFileSync(`${out}.json`, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(`${out}.md`, page(results))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say('Cut off: stopping the servers and dropping the databases')
    void stopAll().then(dropAll).finally(() => process.exit(130))
  })
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
