import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { createAppServer, putConfig, signIn, type AppServer } from '../support/app-server'
import { bundleServer } from '../support/bundle-server'
import { rag, startRagServer, type RagServer } from '../support/rag-server'
import { check, type Verdict } from './check'
import { chat, signInEverywhere } from './load'
import { seeded } from './random'
import { Traffic } from './traffic'

/*
 * npm run chaos:rag (the part of `npm run chaos` about the RAG service, on either database): kills the server (SIGKILL) at
 * random moments while customers ask and rate, starts it again, and then counts: every acknowledged message once, every
 * question one reply, every rating delivered under one key.
 * --db postgres (TEST_DATABASE_URL), pglite or both; --instances 2 kills one of two; --server .output/server/index.mjs
 * takes a build of Nuxt's instead of the same routes bundled on the spot.
 */
const { values: options } = parseArgs({ options: {
  kills: { type: 'string', default: '50' },
  /** Ends the killing early, on a slow machine. */
  minutes: { type: 'string', default: '60' },
  db: { type: 'string', default: 'both' },
  instances: { type: 'string', default: '1' },
  customers: { type: 'string', default: '6' },
  server: { type: 'string' },
} })
const PG = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const DRAIN_MS = 180_000
const entry = options.server ?? await bundleServer()

async function run(kind: string, kills: number, instances: number): Promise<Verdict & { kills: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'vb-chaos-'))
  const database = kind === 'postgres' ? await createDatabase() : null
  const service = await startMoodyService()
  const variables: Record<string, string> = database ? { DATABASE_URL: database.url, DATA_DIR: folder } : { DATA_DIR: folder }
  const servers = await Promise.all(Array.from({ length: instances }, (_, n) => createAppServer({ entry, variables, logFile: join(tmpdir(), `vb-chaos-${kind}-${n}.log`) })))
  try {
    for (const server of servers) await server.start()
    const admin = await signIn(servers[0]!.origin)
    await putConfig(admin, { rag_api_url: service.url, rag_api_key: 'chaos-key-123', rag_timeout_ms: 1_500, rag_late_answer_ms: 4_000 })
    const customers = await signInEverywhere(servers.map(({ origin }) => origin), Number(options.customers))
    let over = false
    const traffic = new Traffic()
    const load = { traffic, random: seeded(Date.now()), isOver: () => over }
    const chatting = customers.map(customer => chat(customer, load))
    const done = await killAtRandom(servers, kills, () => traffic.accepted)
    over = true
    await Promise.all(chatting)
    const verdict = { ...await check({ admin, customers, service, traffic, drainMs: DRAIN_MS }), kills: done }
    await Promise.all(servers.map(server => server.stop()))
    return verdict
  }
  finally {
    await Promise.all(servers.map(server => server.kill().catch(() => {})))
    await service.stop()
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A random moment while customers are being served: a server that has just started on a busy machine serves nobody yet. */
async function someTraffic(acknowledged: () => number): Promise<void> {
  const enough = acknowledged() + 1 + Math.floor(Math.random() * 12)
  const until = Date.now() + 60_000
  while (acknowledged() < enough && Date.now() < until) await pause(5)
  await pause(Math.random() * 300)
}

/** Says how often it killed. */
async function killAtRandom(servers: AppServer[], kills: number, acknowledged: () => number): Promise<number> {
  const until = Date.now() + Number(options.minutes) * 60_000
  for (let n = 1; n <= kills; n++) {
    if (Date.now() > until) return n - 1
    const victim = servers[Math.floor(Math.random() * servers.length)]!
    await someTraffic(acknowledged)
    await victim.kill()
    await victim.start()
    if (n % 10 === 0) console.log(`  ${n} kills`)
  }
  return kills
}

/** Answers quickly, slowly or with an error; ratings likewise. Remembers every rating that it said yes to. */
async function startMoodyService(): Promise<RagServer> {
  const service = await startRagServer()
  const answer = rag.answer('From the documents.')
  service.always((request, response) => {
    const mood = Math.random()
    if (mood < 0.1) return rag.status(500)(request, response)
    return rag.after(mood < 0.8 ? Math.random() * 400 : 1_500 + Math.random() * 2_000, answer)(request, response)
  })
  service.on('/ask/feedback', (request, response) => (Math.random() < 0.2 ? rag.status(503) : rag.after(Math.random() * 100, rag.status(200)))(request, response))
  return service
}

async function createDatabase() {
  const admin = postgres(PG, { max: 1, onnotice: () => {} })
  const name = `vb_chaos_${process.pid}`
  await admin.unsafe(`create database ${name}`)
  const url = new URL(PG)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

for (const kind of options.db === 'both' ? ['postgres', 'pglite'] : [options.db]) {
  const instances = kind === 'pglite' ? 1 : Number(options.instances)
  console.log(`${kind}, ${instances} server${instances > 1 ? 's' : ''}:`)
  const verdict = await run(kind, Number(options.kills), instances)
  console.log(JSON.stringify(verdict, null, 2))
  if (verdict.wrong.length) process.exitCode = 1
}
