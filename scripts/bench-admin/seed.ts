import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { env, readEnv, setEnv, StartupError } from '#server/core/env'
import { setDatabase } from '#server/db/client'
import { migrate, readMigrationsFrom } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { insertUser } from '#server/db/users'
import { hashPassword } from '#server/core/password-hash'
import { keepAnalytics } from '#server/services/analytics/keep-analytics'
import { seedNewDatabase } from '#server/services/seed'
import { BENCH_ADMIN, benchDatabaseUrl } from './bench-database'
import { fill } from './fill'

/*
 * npm run bench:seed: 1,000,000 messages in 100,000 conversations of two years, into a PostgreSQL database of its own.
 * The sentences are those of bench-data, so that words are as frequent as words are; everything else is made in SQL.
 */
async function main(): Promise<void> {
  const url = benchDatabaseUrl()
  const started = performance.now()
  const say = (what: string) => console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}`)
  await recreate(url)
  setEnv(readEnv({ ...process.env, DATABASE_URL: url, AUTH_SECRET: 'bench-auth-secret-0123456789abcdef', ENCRYPTION_KEY: 'bench-encryption-key-0123456789abc', LOG_LEVEL: 'warn' }))
  const database = await openDatabase(env())
  try {
    await migrate(database, readMigrationsFrom('drizzle/migrations'), url)
    await seedNewDatabase({ demoAccounts: false })
    const passwordHash = await hashPassword(BENCH_ADMIN.password)
    await insertUser({ email: BENCH_ADMIN.email, name: 'Bench Admin', passwordHash, role: 'admin' })
    say('An empty database with the first FAQs')
    const client = postgres(url, { max: 1, onnotice: () => {}, connection: { synchronous_commit: 'off', maintenance_work_mem: '512MB', work_mem: '64MB' } })
    await fill(client, sentences(), say)
    await client.end()
    for (;;) {
      const left = await keepAnalytics()
      if (left === 0) break
      say(`Daily figures: ${left} days to go`)
    }
    say('Done')
  }
  finally {
    setDatabase(undefined)
    await database.close()
  }
}

async function recreate(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const server = new URL(url)
  server.pathname = '/postgres'
  const admin = postgres(server.href, { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists "${name}" with (force)`)
  await admin.unsafe(`create database "${name}"`)
  await admin.end()
}

/** What people asked: the training utterances and the queries of the benchmark, Greek and Greeklish among them. */
function sentences(): string[] {
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const train = lines('bench-data/train/intents.jsonl').map(line => (JSON.parse(line) as { t: string }).t)
  const own = lines('bench-data/train/own-intents.txt').filter(line => !line.startsWith('#'))
  const queries = ['wedding', 'weddinggreek'].flatMap(set => lines(`bench-data/dev/${set}.queries.jsonl`)).map(line => (JSON.parse(line) as { text: string }).text)
  // A wedding planner's customers ask about weddings: ours come several times as often as the rest.
  return [...train, ...Array.from({ length: 6 }, () => [...own, ...queries]).flat()]
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
