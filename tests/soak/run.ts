import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Sql } from 'postgres'
import { StartupError } from '#server/core/env'
import { makeDatabase } from '../../scripts/bench-server/database'
import { startServer, type BenchServer } from '../../scripts/bench-server/server'
import { build, isBuilt, serverEntry } from '../../scripts/lib/build.mjs'
import { ADMIN, putConfig, signIn } from '../support/app-server'
import { rag, startRagServer, type RagServer } from '../support/rag-server'
import { invite, Traffic, type Visit } from './people'
import { Recorder } from './recorder'
import { judge, page, type Soak } from './report'
import { look, type Sample } from './watch'

/*
 * npm run soak: the built server under half of what it can take, for half an hour, on a PostgreSQL database of its own
 * (DATABASE_URL's server, else 127.0.0.1:5432), with its limits on and its sentence encoder running. Looks at its memory,
 * handles and connections all the while; ends with 1 on an error or on handles that stay. Linux only.
 * --minutes 2; --rate <actions a second> instead of half of the maximum; --entry <file>: another build; --json <file>: all
 * figures; --snapshots <folder>: heap snapshots a third of the way and at the end, to find what a slope is made of.
 */
const { values: options } = parseArgs({ options: {
  minutes: { type: 'string', default: '30' },
  rate: { type: 'string' },
  entry: { type: 'string' },
  customers: { type: 'string', default: '1000' },
  json: { type: 'string' },
  snapshots: { type: 'string' },
} })
const MINUTES = Number(options.minutes)
const MAXIMUM_SECONDS = 15
const EVERY_MS = 5_000
const CALLERS = 32
const CONNECTIONS = 64
const began = performance.now()
const say = (line: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`)
const folder = mkdtempSync(join(tmpdir(), 'vb-soak-'))
const logFile = join(folder, 'server.log')

async function main(): Promise<void> {
  if (!options.entry && !isBuilt()) {
    say('Building the server')
    await build()
  }
  const database = await makeDatabase('npm run soak')
  const service = await startRagServer(rag.after(80, rag.answer('From the documents.', [{ title: 'menu.md', url: 'https://example.com/menu' }])))
  service.on('/ask/feedback', rag.status(204))
  const variables = { DATABASE_URL: database.url, RATE_LIMITS: 'on', SENTENCE_ENCODER: 'on', ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ...(options.snapshots ? { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${options.snapshots}` } : {}) }
  const server = await startServer(options.entry ?? serverEntry, variables, logFile)
  try {
    const soak = await soakIt(server, service, database.sql)
    await server.stop()
    const found = await readLog()
    finish({ ...soak, ...found, postgres: (await database.sql<[{ version: string }]>`select split_part(current_setting('server_version'), ' ', 1) as version`)[0].version })
  }
  finally {
    await server.stop()
    await service.stop()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Found = Pick<Soak, 'loggedErrors' | 'warnings'>

async function soakIt(server: BenchServer, service: RagServer, sql: Sql): Promise<Omit<Soak, keyof Found | 'postgres'>> {
  const target = { pid: server.processes()[0]!, origin: server.origin }
  await putConfig(await signIn(server.origin), { rag_api_url: service.url, rag_api_key: 'soak-key-123', rag_timeout_ms: 10_000 })
  const visit = await invite(server.origin, sql, Number(options.customers), ADMIN)
  const maximum = await mostActions(server.origin, visit)
  // The connections and caches of a server that has worked, at rest.
  await pause(15_000)
  const before = await look(target, sql, 0)
  const perSecond = options.rate ? Number(options.rate) : Math.floor(maximum.actions / 2)
  say(`At most ${maximum.actions.toFixed(0)} actions a second (${maximum.requests.toFixed(0)} requests); ${perSecond} for ${MINUTES} min. At rest: ${shortly(before)}`)

  const recorder = new Recorder()
  const traffic = new Traffic(server.origin, visit, recorder, CONNECTIONS)
  const samples: Sample[] = []
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const watching = setInterval(() => {
    // Only answered questions are looked at; the others would be a leak of ours.
    service.requests.length = 0
    const at = seconds()
    look(target, sql, at).then(sample => samples.push(sample), (error: Error) => recorder.wrong('look', error.message))
  }, EVERY_MS)
  const minute = setInterval(() => {
    const { minute, p95, requests, errors } = recorder.endMinute()
    say(`Minute ${minute}: ${(requests / 60).toFixed(0)} requests/s, p95 ${p95.toFixed(1)} ms, ${errors} errors; ${samples.length ? shortly(samples.at(-1)!) : ''}`)
  }, 60_000)
  const snapshot = setTimeout(() => options.snapshots && process.kill(target.pid, 'SIGUSR2'), MINUTES * 20_000)
  await keepRate(traffic, perSecond, MINUTES * 60, seconds)
  for (const timer of [watching, minute, snapshot]) clearTimeout(timer)
  while (traffic.inFlight) await pause(50)
  const minutes = Math.min(MINUTES, seconds() / 60)
  if (recorder.minutes.length < minutes) recorder.endMinute()
  if (options.snapshots) process.kill(target.pid, 'SIGUSR2')
  await traffic.close()
  const after = await settle(target, sql, before)
  say(`At rest again: ${shortly(after)}`)
  return {
    date: new Date().toISOString().slice(0, 10), minutes, machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`, node: process.versions.node,
    customers: visit.people.length, maximum, perSecond, isHalf: !options.rate, requests: recorder.requests, actions: recorder.actions, leftOut: recorder.leftOut, samples, before, after,
    perMinute: recorder.minutes, statuses: recorder.statuses, errors: recorder.errors, examples: recorder.examples,
    stored: (await sql<[{ messages: number, ratings: number, sessions: number }]>`select (select count(*)::int from messages) as messages, (select count(*)::int from feedback) as ratings, (select count(*)::int from sessions) as sessions`)[0],
  }
}

const shortly = ({ resident, heap, files, sockets, threads, connections }: Sample) => `${resident.toFixed(0)} MB (heap ${heap.toFixed(0)}), ${files} files, ${sockets} sockets, ${threads} threads, ${connections} connections`

/** Callers who each act again as soon as they can, after a few seconds in which caches fill. */
async function mostActions(origin: string, visit: Visit): Promise<{ actions: number, requests: number }> {
  const recorder = new Recorder()
  const traffic = new Traffic(origin, visit, recorder, CONNECTIONS)
  let actions = 0
  const run = async (seconds: number) => {
    const until = performance.now() + seconds * 1000
    await Promise.all(Array.from({ length: CALLERS }, async () => {
      for (; performance.now() < until; actions++) await traffic.act()
    }))
  }
  await run(5)
  const before = recorder.requests
  actions = 0
  await run(MAXIMUM_SECONDS)
  await traffic.close()
  if (recorder.errorCount) throw new Error(`The maximum could not be measured: ${JSON.stringify(recorder.errors)} ${recorder.examples[0]}`)
  return { actions: actions / MAXIMUM_SECONDS, requests: (recorder.requests - before) / MAXIMUM_SECONDS }
}

let isOver = false
/** Ctrl-C ends the load, and the report is of what there was. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => isOver = true)

/** Begins so many actions a second whether or not the ones before have ended, as visitors do, as long as the server keeps up. */
async function keepRate(traffic: Traffic, perSecond: number, forSeconds: number, seconds: () => number): Promise<void> {
  let done = 0
  for (let now = seconds(); now < forSeconds && !isOver; now = seconds()) {
    for (; done < now * perSecond; done++) void traffic.act()
    await pause(10)
  }
}

/** A look when what the load had opened has gone; a minute for that. */
async function settle(target: { pid: number, origin: string }, sql: Sql, before: Sample): Promise<Sample> {
  const handles = (sample: Sample) => sample.files + sample.sockets - sample.connections
  for (let tries = 0; ; tries++) {
    await pause(15_000)
    const now = await look(target, sql, 0)
    if (handles(now) <= handles(before) || tries >= 3) return now
  }
}

/** What the server wrote that was more than information, by message. */
async function readLog(): Promise<Found> {
  const found: Found = { loggedErrors: {}, warnings: {} }
  for await (const line of createInterface({ input: createReadStream(logFile), crlfDelay: Number.POSITIVE_INFINITY })) {
    const level = /"level":"(warn|error|fatal)"/.exec(line)?.[1]
    if (!level) continue
    const message = /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line.slice(0, 200)
    const into = level === 'warn' ? found.warnings : found.loggedErrors
    into[message] = (into[message] ?? 0) + 1
  }
  return found
}

function finish(soak: Soak): void {
  const verdict = judge(soak)
  console.log(`\n${page(soak, verdict)}`)
  for (const example of soak.examples) console.log(`  ${example}`)
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ ...soak, verdict }, null, 2)}\n`)
  if (verdict.faults.length) process.exitCode = 1
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
