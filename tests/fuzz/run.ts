import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ADMIN, createAppServer } from '../support/app-server'
import { bundleServer } from '../support/bundle-server'
import { startSmtpServer } from '../support/smtp-server'
import { fuzz } from './fuzz'

/*
 * npm run fuzz -- --requests 100000 --seed 7: requests made from GET /api/openapi.json, right and wrong ones, against a
 * server in a process of its own (the project's routes bundled on the spot, or --server .output/server/index.mjs) on a new
 * embedded database, or on --database postgres://…. Fails on any 5xx, any answer off the document, any error in the log.
 */
const { values: options } = parseArgs({ options: {
  requests: { type: 'string', default: '10000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  server: { type: 'string' },
  database: { type: 'string' },
} })

const folder = await mkdtemp(join(tmpdir(), 'vb-fuzz-'))
const logFile = join(folder, 'server.log')
const smtp = await startSmtpServer()
const server = await createAppServer({
  entry: options.server ?? await bundleServer(),
  logFile,
  variables: { DATA_DIR: join(folder, 'data'), SMTP_URL: smtp.url, SENTENCE_ENCODER: 'off', LOG_LEVEL: 'error', ...(options.database ? { DATABASE_URL: options.database } : {}) },
})
const report = await server.start().then(() => fuzz({
  origin: server.origin,
  requests: Number(options.requests),
  seed: Number(options.seed),
  admin: ADMIN,
  progress: done => done % 5_000 === 0 && console.log(`  ${done}`),
})).finally(() => Promise.all([server.stop(), smtp.stop()]))
const errors = readFileSync(logFile, 'utf8').split('\n').filter(line => /"level":"(?:error|fatal)"/.test(line))
for (const { number, reason, request, answer, times } of report.failures) console.log(`\n#${number} (${times} times) ${reason}\n  ${request}\n  → ${answer}`)
for (const line of errors.slice(0, 10)) console.log(`\nlogged: ${line.slice(0, 1_500)}`)
const { failures, ...figures } = report
console.log(JSON.stringify({ ...figures, failures: failures.length, logged_errors: errors.length }))
await rm(folder, { recursive: true, force: true })
process.exit(failures.length || errors.length ? 1 : 0)
