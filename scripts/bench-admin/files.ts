import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { env, readEnv, setEnv } from '#server/core/env'
import { setDatabase } from '#server/db/client'
import { insertUser } from '#server/db/users'
import { migrate, readMigrationsFrom } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { hashPassword } from '#server/core/password-hash'
import { seedNewDatabase } from '#server/services/seed'
import { createTestClient, type TestClient } from '../../tests/support/api-client'
import { createAppServer } from '../../tests/support/app-server'
import { bundleServer } from '../../tests/support/bundle-server'
import { BENCH_ADMIN, benchDatabaseUrl } from './bench-database'

/*
 * npm run bench:files: the two large files of the back office against a server in a process of its own. 1,000,000 ratings
 * are exported as CSV and JSON while its resident memory is watched; 10,000 FAQs are imported (dry run, then for good)
 * while another request is made over and over, which tells how long anybody else waits. Writes docs/benchmarks/files.md.
 */
const PAGE = 'docs/benchmarks/files.md'
const RATINGS = 1_000_000
const FAQS = 10_000
const url = (() => {
  const named = new URL(benchDatabaseUrl())
  named.pathname += '_files'
  return named.href
})()

async function prepare(): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const server = new URL(url)
  server.pathname = '/postgres'
  const admin = postgres(server.href, { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists "${name}" with (force)`)
  await admin.unsafe(`create database "${name}"`)
  await admin.end()
  setEnv(readEnv({ ...process.env, DATABASE_URL: url, AUTH_SECRET: 'bench-auth-secret-0123456789abcdef', ENCRYPTION_KEY: 'bench-encryption-key-0123456789abc', LOG_LEVEL: 'warn' }))
  const database = await openDatabase(env())
  await migrate(database, readMigrationsFrom('drizzle/migrations'), url)
  await seedNewDatabase({ demoAccounts: false })
  await insertUser({ email: BENCH_ADMIN.email, name: 'Bench Admin', passwordHash: await hashPassword(BENCH_ADMIN.password), role: 'admin' })
  setDatabase(undefined)
  await database.close()
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const id = (seed: string) => `('01900000-0000-7' || substr(md5(${seed}), 1, 3) || '-8' || substr(md5(${seed}), 4, 3) || '-' || substr(md5(${seed}), 7, 12))::uuid`
  await sql.unsafe('set synchronous_commit = off')
  await sql.unsafe('set session_replication_role = replica')
  await sql.unsafe(`insert into users (id, email, name, role) select ${id(`'u' || i`)}, 'customer' || i || '@example.com', 'Customer ' || i, 'customer' from generate_series(1, 10000) i`)
  await sql.unsafe(`insert into conversations (id, customer_id, status, last_seq) select ${id(`'c' || i`)}, ${id(`'u' || i`)}, 'active', 200 from generate_series(1, 10000) i`)
  await sql.unsafe(`insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_to, source, reply_state)
    select ${id(`s || 'm' || i`)}, ${id(`'c' || (i % 10000 + 1)`)}, ${id(`'u' || (i % 10000 + 1)`)}, (i / 10000) * 2 + case s when 'q' then 1 else 2 end, case s when 'q' then 'customer' else 'bot' end,
      case s when 'q' then 'How much is the deposit for two hundred guests, and until when can we change the day?' else 'The deposit is a fifth of the price. Until ninety days before the day you can change it free of charge.' end,
      now() - i * interval '1 minute', case s when 'r' then ${id(`'qm' || i`)} end, case s when 'r' then 'rag' end, case s when 'q' then 'answered' end
    from generate_series(0, ${RATINGS - 1}) i, (values ('q'), ('r')) of_turn (s)`)
  await sql.unsafe(`insert into feedback (id, message_id, customer_id, value, comment, created_at, updated_at)
    select ${id(`'f' || i`)}, ${id(`'rm' || i`)}, ${id(`'u' || (i % 10000 + 1)`)}, case when i % 3 = 0 then 'down' else 'up' end, case when i % 4 = 0 then 'It did not say "how", nor = when' end, now() - i * interval '1 minute', now()
    from generate_series(0, ${RATINGS - 1}) i`)
  await sql.unsafe('analyze')
  await sql.end()
}

/** Resident memory of a process, MB; Linux only. */
const residentOf = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

/** Does something while the server's memory is looked at every 100 ms: what it was before, and at most. */
async function watchMemory<Result>(pid: number, run: () => Promise<Result>): Promise<{ result: Result, before: number, most: number, seconds: number }> {
  const before = residentOf(pid)
  let most = before
  const timer = setInterval(() => most = Math.max(most, residentOf(pid)), 100)
  const started = performance.now()
  const result = await run()
  clearInterval(timer)
  return { result, before, most, seconds: (performance.now() - started) / 1000 }
}

async function exported(origin: string, cookie: string, format: string): Promise<{ bytes: number, rows: number }> {
  const response = await fetch(`${origin}/api/admin/feedback/export?format=${format}`, { headers: { cookie } })
  if (!response.ok) throw new Error(`The export answered ${response.status}`)
  let bytes = 0
  let rows = 0
  const mark = format === 'csv' ? 10 : '{'.charCodeAt(0)
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === mark) rows++
  }
  return { bytes, rows }
}

/** A file of FAQs with two phrasings each, no two alike. */
function faqFile(): string {
  const topics = ['deposit', 'menu', 'band', 'flowers', 'parking', 'photographs', 'transfer', 'rehearsal', 'cake', 'lights']
  const rows = Array.from({ length: FAQS }, (_, i) => {
    const topic = topics[i % topics.length]!
    const question = `What about the ${topic} of package ${i} at venue ${(i * 7919) % 9973}?`
    return [question, `Package ${i} comes with its own ${topic}.`, `${topic} in package ${i}\n${topic} for number ${i}`].map(cell => `"${cell}"`).join(',')
  })
  return `question,answer,phrasings\n${rows.join('\n')}\n`
}

async function imported(origin: string, cookie: string, dryRun: boolean): Promise<{ waits: number[] }> {
  const waits: number[] = []
  let isOver = false
  const others = (async () => {
    while (!isOver) {
      const started = performance.now()
      await fetch(`${origin}/api/chatbot/config`, { headers: { cookie } }).then(response => response.arrayBuffer())
      waits.push(performance.now() - started)
      await pause(5)
    }
  })()
  const response = await fetch(`${origin}/api/admin/faqs/import?dry_run=${dryRun}`, { method: 'POST', headers: { cookie, 'content-type': 'text/csv' }, body: faqFile() })
  const report = await response.json() as { error?: string }
  if (!response.ok) throw new Error(`The import answered ${response.status}: ${report.error}`)
  isOver = true
  await others
  return { waits }
}

async function main(): Promise<void> {
  console.log('Filling the database')
  await prepare()
  const app = await createAppServer({ entry: await bundleServer(), variables: { DATABASE_URL: url, SENTENCE_ENCODER: 'off', ADMIN_EMAIL: BENCH_ADMIN.email, ADMIN_PASSWORD: BENCH_ADMIN.password }, logFile: join(tmpdir(), 'vb-bench-files.log') })
  const rows: string[] = []
  const say = (row: string[]) => {
    rows.push(`| ${row.join(' | ')} |`)
    console.log(row.join('  '))
  }
  const mb = (value: number) => `${value.toFixed(0)} MB`
  try {
    await app.start()
    const admin: TestClient = createTestClient(app.origin)
    if ((await admin.post('/api/auth/login', BENCH_ADMIN)).status !== 200) throw new Error('The admin of the bench cannot sign in.')
    const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    // The first page of the same, so that what any request makes the server load is there.
    await admin.get('/api/admin/feedback?limit=100')
    for (const format of ['csv', 'json']) {
      const { result, before, most, seconds } = await watchMemory(app.pid(), () => exported(app.origin, cookie, format))
      if (result.rows < RATINGS) throw new Error(`The export has only ${result.rows} rows.`)
      say([`Export of ${RATINGS.toLocaleString('en')} ratings, ${format}`, mb(result.bytes / 1e6), `${seconds.toFixed(1)} s`, mb(before), mb(most), ''])
    }
    for (const dryRun of [true, false]) {
      const { result, before, most, seconds } = await watchMemory(app.pid(), () => imported(app.origin, cookie, dryRun))
      const waits = result.waits.sort((a, b) => a - b)
      say([`Import of ${FAQS.toLocaleString('en')} FAQs, ${dryRun ? 'dry run' : 'for good'}`, mb(faqFile().length / 1e6), `${seconds.toFixed(1)} s`, mb(before), mb(most), `p50 ${waits[waits.length >> 1]!.toFixed(0)} ms, longest ${waits.at(-1)!.toFixed(0)} ms`])
    }
  }
  finally {
    await app.stop()
  }
  writeFileSync(PAGE, `# The large files of the back office

\`npm run bench:files\` makes ${RATINGS.toLocaleString('en')} rated replies in a PostgreSQL database of its own, exports them, and imports a file of ${FAQS.toLocaleString('en')} FAQs with two phrasings each, while somebody else asks for the chat's settings over and over. Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, two processors, server and database on the same machine; memory is the server's resident memory before, and the highest seen while it worked.

| what | size | took | memory before | at most | another request meanwhile |
|---|---:|---:|---:|---:|---|
${rows.join('\n')}

Exports are read from the database in batches and sent as they come (\`server/utils/send-download.ts\`), so their memory does not grow with their length. An import is one transaction: all rows or none.
`)
  console.log(`Wrote ${PAGE}.`)
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
