import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { StartupError } from '#server/core/env'
import { ANALYTICS_LIVE_DAYS } from '#shared/contracts/admin-analytics'
import { createTestClient, type TestClient } from '../../tests/support/api-client'
import { createAppServer } from '../../tests/support/app-server'
import { bundleServer } from '../../tests/support/bundle-server'
import { BENCH_ADMIN, benchDatabaseUrl } from './bench-database'
import { explainSlowest } from './explain'
import { questions, type Question } from './questions'

/*
 * npm run bench:admin, after npm run bench:seed: how quick every list, search and report of the back office is over a
 * million messages, asked one after the other over HTTP as an admin's browser does. Writes docs/benchmarks/admin.md.
 */
const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } })
const GOAL_MS = 300
const PAGE = 'docs/benchmarks/admin.md'

export interface Measured { name: string, asked: number, p50: number, p95: number, max: number, slowest: string }

const quantile = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!

async function measure(admin: TestClient, question: Question, rounds: number, fill: (path: string) => string): Promise<Measured> {
  const times: number[] = []
  let slowest = { ms: 0, path: '' }
  const time = async (path: string) => {
    const started = performance.now()
    const { status, body, text } = await admin.get(`/api/admin/${path}`)
    const ms = performance.now() - started
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
    times.push(ms)
    if (ms > slowest.ms) slowest = { ms, path }
    return body as { next_cursor?: string | null }
  }
  for (const path of question.paths) await admin.get(`/api/admin/${fill(path)}`)
  for (let round = 0; round < Math.max(5, Math.ceil(rounds / question.paths.length)); round++) {
    for (const path of question.paths.map(fill)) {
      const { next_cursor: cursor } = await time(path)
      if (question.more && cursor) await time(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)
    }
  }
  times.sort((a, b) => a - b)
  return { name: question.name, asked: times.length, p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: times.at(-1)!, slowest: slowest.path }
}

async function main(): Promise<void> {
  const url = benchDatabaseUrl()
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [size] = await sql<{ messages: number, conversations: number, version: string }[]>`select (select count(*)::int from messages) as messages, (select count(*)::int from conversations) as conversations, split_part(current_setting('server_version'), ' ', 1) as version`
    .catch(() => { throw new StartupError('There is nothing to measure on: run npm run bench:seed first.') })
  await sql.end()
  const app = await createAppServer({ entry: await bundleServer(), variables: { DATABASE_URL: url, ADMIN_EMAIL: BENCH_ADMIN.email, ADMIN_PASSWORD: BENCH_ADMIN.password }, logFile: join(tmpdir(), 'vb-bench-admin.log') })
  try {
    await app.start()
    const admin = createTestClient(app.origin)
    if ((await admin.post('/api/auth/login', BENCH_ADMIN)).status !== 200) throw new StartupError('The admin of the bench cannot sign in: run npm run bench:seed again.')
    const { items: [conversation] } = (await admin.get('/api/admin/conversations?limit=1')).body
    const { items: [group] } = (await admin.get('/api/admin/unanswered?limit=1')).body
    const fill = (path: string) => path.replace('{conversation}', conversation.id).replace('{customer}', conversation.customer.id).replace('{group}', group.id)
    const results: Measured[] = []
    for (const question of questions) {
      const result = await measure(admin, question, Number(options.rounds), fill)
      results.push(result)
      console.log(`${result.name.padEnd(40)} p50 ${result.p50.toFixed(0).padStart(4)}  p95 ${result.p95.toFixed(0).padStart(4)}  max ${result.max.toFixed(0).padStart(4)} ms${result.p95 > GOAL_MS ? '  over the goal' : ''}`)
    }
    const plans = await explainSlowest(url, [...results].sort((a, b) => b.p95 - a.p95).slice(0, 3))
    writeFileSync(PAGE, page(results, plans, size!))
    console.log(`Wrote ${PAGE}.`)
    if (results.some(({ p95 }) => p95 > GOAL_MS)) process.exitCode = 1
  }
  finally {
    await app.stop()
  }
}

function page(results: Measured[], plans: string, size: { messages: number, conversations: number, version: string }): string {
  const model = cpus()[0]?.model.trim() || readFileSync('/proc/cpuinfo', 'utf8').match(/model name\s*: (.*)/)?.[1] || 'unknown'
  const rows = results.map(({ name, asked, p50, p95, max }) => `| ${name} | ${asked} | ${p50.toFixed(0)} | ${p95.toFixed(0)} | ${max.toFixed(0)} |`)
  return `# The back office over a million messages

\`npm run bench:seed\` (about a minute) fills a PostgreSQL database of its own with ${size.messages.toLocaleString('en')} messages in ${size.conversations.toLocaleString('en')} conversations of 40,000 customers over two years, 55,000 ratings, 50,000 entries of the audit log and 20,000 groups of unanswered questions. \`npm run bench:admin\` asks every list, search and report of the back office over HTTP, one question after the other, first and second page, after one unmeasured call each, and writes this page. The goal is ${GOAL_MS} ms at p95.

Measured ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, PostgreSQL ${size.version} with its default settings (128 MB of shared buffers), ${cpus().length} × ${model}, server and database on the same machine. Load average meanwhile: ${loadavg()[1]!.toFixed(1)}${loadavg()[1]! > 2 * cpus().length ? ' (other work took most of the processors: the times are longer than on a machine of its own)' : ''}. Milliseconds, sign-in check and JSON included.

| what | asked | p50 | p95 | max |
|---|---:|---:|---:|---:|
${rows.join('\n')}

## How
- **Lists** go along an index in the list's order and stop when the page is full; a filter that few conversations pass is answered from that filter's index (\`exists\`, the planner chooses).
- **Search** is PostgreSQL's text search with the configuration \`simple\` over \`search_words(text)\`, a GIN index on the expression. GIN knows no order: of a word in few messages all are looked at; of a word in many those of the last day, then four, sixteen … days, until the page is full (\`server/db/admin-search.ts\`).
- **The overview** counts up to ${ANALYTICS_LIVE_DAYS} days from the messages; longer periods come from daily figures that a background job keeps (\`server/db/analytics-days.ts\`).

## The slowest three, explained
${plans}`
}

main().catch((error: Error) => {
  console.error(error instanceof StartupError ? error.message : error)
  process.exitCode = 1
})
