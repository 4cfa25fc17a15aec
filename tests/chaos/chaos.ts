import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestClient } from '../support/api-client'
import { putConfig, signIn } from '../support/app-server'
import { findPostgresPrograms, startPostgresCluster } from '../support/postgres-cluster'
import { check, type Verdict } from './check'
import { checkDatabase } from './check-database'
import { startIllRag, type IllRag } from './ill-rag'
import { chat, signInEverywhere } from './load'
import { createMachine, type Machine } from './machine'
import { patiently } from './patiently'
import { watch } from './polls'
import { seeded } from './random'
import { lanes, runLanes, type Happened, type Plan } from './schedule'
import { mountSmallDisk, type SmallDisk } from './small-disk'
import { Traffic } from './traffic'
import type { World } from './world'

export interface ChaosOptions {
  plan: Plan
  /** `.output/server/index.mjs` of a build. */
  entry: string
  seed: number
  customers: number
  /** Of the disk that the database is on, in megabytes. */
  diskMegabytes: number
  say: (line: string) => void
}

export interface ChaosReport extends Verdict {
  seed: number
  minutes: number
  faults: Record<string, number>
  /** What the faults added up to. */
  struck: Record<string, number>
  ragMoods: number
  failedStarts: number
  retries: number
  resent: number
  polls: number
  unchangedPolls: number
  refusals: Record<string, number>
  longestGapMs: number
  /** Lines of the servers' logs at the level error, by their message. */
  loggedErrors: Record<string, number>
}

const SERVERS = 2
/** Two of them at once for each customer, as two tabs. */
const TABS = 2
/** The longest pause of a delivery that has failed a few times, and the claim of a killed server. */
const DRAIN_MS = 240_000
const PROGRESS_MS = 10_000

/** The whole run: starts everything, strikes, waits until all is quiet, counts, cleans up. Throws where it cannot begin. */
export async function runChaos({ plan, entry, seed, customers: count, diskMegabytes, say }: ChaosOptions): Promise<ChaosReport> {
  const random = seeded(seed)
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'vb-chaos-'))
  const cleanUp: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const disk = plan.diskFull > 0 ? mountSmallDisk(diskMegabytes) : null
    if (disk) cleanUp.push(() => disk.remove())
    const cluster = await startCluster(disk)
    cleanUp.push(() => cluster.destroy())
    const sql = postgres(cluster.url, { max: 1, onnotice: () => {}, connection: { application_name: 'chaos' } })
    cleanUp.push(() => sql.end({ timeout: 1 }))
    const rag = await startIllRag(random)
    cleanUp.push(() => rag.service.stop())
    const machines = await startMachines(entry, folder, cluster.url)
    cleanUp.push(() => Promise.all(machines.map(machine => machine.kill())))
    const admin = await configure(machines, rag)
    const customers = await signInEverywhere(machines.map(({ origin }) => origin), count)
    const traffic = new Traffic()
    const world: World = { cluster, disk, sql, machines, customers, traffic, random }
    const happened: Happened = { done: {}, struck: {} }
    say(`${SERVERS} servers, ${count} customers, seed ${seed}; everything is in ${folder}`)
    await underLoad(world, () => runLanes(lanes(plan, SERVERS, seeded(seed)), world, happened), () => say(progress(plan, happened, traffic)))
    say('no more faults: waiting until every question is answered and every rating delivered')
    rag.recover()
    await Promise.all(machines.map(machine => raise(machine, traffic, say)))
    const verdict = await check({ admin, customers, service: rag.service, traffic, drainMs: DRAIN_MS }).catch(error => Promise.reject(whyItBroke(error, machines, traffic)))
    verdict.wrong.push(...await patiently(() => checkDatabase(sql)))
    const loggedErrors = readLogs(machines, verdict.wrong)
    return {
      ...verdict,
      seed,
      minutes: Math.round((performance.now() - started) / 6_000) / 10,
      faults: happened.done,
      struck: happened.struck,
      ragMoods: rag.moods(),
      failedStarts: machines.reduce((sum, machine) => sum + machine.failedStarts(), 0),
      retries: traffic.retries,
      resent: traffic.resent,
      polls: traffic.polls,
      unchangedPolls: traffic.unchangedPolls,
      refusals: traffic.refusals,
      longestGapMs: Math.round(traffic.longestGapMs),
      loggedErrors,
    }
  }
  finally {
    for (const clean of cleanUp.reverse()) await Promise.resolve().then(clean).catch(error => say(`could not clean up: ${error}`))
  }
}

/** With a write-ahead log in small pieces, so that little of a small disk is set aside for it. */
function startCluster(disk: SmallDisk | null) {
  const programs = findPostgresPrograms()!
  return startPostgresCluster({ programs, folder: disk?.folder, initdb: ['--wal-segsize=1'], settings: { min_wal_size: '5MB', max_wal_size: '48MB', shared_buffers: '32MB' } })
}

async function startMachines(entry: string, folder: string, databaseUrl: string): Promise<Machine[]> {
  const machines = await Promise.all(Array.from({ length: SERVERS }, (_, n) => createMachine({
    name: `server-${n + 1}`,
    entry,
    folder,
    variables: { DATABASE_URL: databaseUrl, DATA_DIR: join(folder, `data-${n + 1}`), SENTENCE_ENCODER: 'off' },
  })))
  await Promise.all(machines.map(machine => machine.start()))
  return machines
}

/** Waits until every server has the settings: ratings before that would be nobody's to deliver. */
async function configure(machines: Machine[], rag: IllRag): Promise<TestClient> {
  const admins = await Promise.all(machines.map(({ origin }) => signIn(origin)))
  await putConfig(admins[0]!, { rag_api_url: rag.service.url, rag_api_key: 'chaos-key-123', rag_timeout_ms: 1_500, rag_late_answer_ms: 4_000 })
  for (const admin of admins) {
    await patiently(async () => {
      if (!(await admin.get('/api/admin/rag/status')).body.configured) throw new Error('A server does not have the settings of the RAG API')
    })
  }
  return admins[0]!
}

/** Runs `strike` while customers send, rate and poll; returns when both have ended. */
async function underLoad({ customers, traffic, random }: World, strike: () => Promise<void>, tell: () => void): Promise<void> {
  let over = false
  const load = { traffic, random, isOver: () => over }
  const busy = customers.flatMap(customer => [
    ...Array.from({ length: TABS }, () => chat(customer, load)),
    watch(customer, customers.filter(other => other !== customer), load),
  ])
  const telling = setInterval(tell, PROGRESS_MS)
  try {
    // A fault of the load's own ends the run at once.
    await Promise.race([strike(), Promise.all(busy)])
  }
  finally {
    over = true
    clearInterval(telling)
  }
  await Promise.all(busy)
  tell()
}

function progress(plan: Plan, { done }: Happened, { accepted, retries, polls, wrong }: Traffic): string {
  const faults = ([['kills', plan.kills], ['restarts', plan.restarts], ['cuts', plan.cuts], ['disk_full', plan.diskFull], ['clock_jumps', plan.clockJumps]] as const).map(([name, count]) => `${name.replace('_', ' ')} ${done[name] ?? 0}/${count}`)
  return `  ${faults.join(', ')}; accepted ${accepted}, retries ${retries}, polls ${polls}${wrong.length ? `; WRONG ${wrong.length}: ${wrong[0]}` : ''}`
}

/** Starts a server that has ended, as a supervisor would, so that there is somebody to ask. One that ended by itself is a fault; one that somebody else's signal ended (a machine short of memory) is one kill more. */
async function raise(machine: Machine, traffic: Traffic, say: (line: string) => void): Promise<void> {
  if (!machine.hasEnded()) return
  const ending = machine.ending()
  if (typeof ending === 'string') say(`${machine.name} was ended by somebody else (${ending}) and is started again`)
  else traffic.complain(`${machine.name} had ended by itself (${ending}): ${lastLines(machine, 1)}`)
  await machine.start()
}

const lastLines = (machine: Machine, count: number) => machine.log().trimEnd().split('\n').slice(-count).map(line => line.slice(0, 1_500)).join('\n  ')
const LAST_LINES = 5

/** What went wrong before the counting broke off: a server that has ended by itself has said why at the end of its log. */
function whyItBroke(error: unknown, machines: Machine[], { wrong }: Traffic): Error {
  const logs = machines.map(machine => `${machine.name} ${machine.hasEnded() ? `has ended (${machine.ending()})` : 'is running'}; its log ends with\n  ${lastLines(machine, LAST_LINES)}`)
  return new Error([`The counting broke off: ${error}`, ...wrong, ...logs].join('\n'), { cause: error })
}

/** Counts what the servers logged as errors; what nobody caught, and errors nobody foresaw, are faults. */
function readLogs(machines: Machine[], wrong: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const machine of machines) {
    for (const line of machine.log().split('\n').filter(each => /"level":"(?:error|fatal)"/.test(each))) {
      const { msg } = JSON.parse(line) as { msg: string }
      counts[msg] = (counts[msg] ?? 0) + 1
      if (/^(?:Unhandled rejection|Uncaught exception|A request failed)/.test(msg) && counts[msg]! <= 3) wrong.push(`${machine.name} logged: ${line.slice(0, 1_500)}`)
    }
  }
  return counts
}
