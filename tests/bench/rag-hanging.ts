import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { TestClient } from '../support/api-client'
import { bundleServer } from '../support/bundle-server'
import { createAppServer, putConfig, signIn } from '../support/app-server'
import { rag, startRagServer } from '../support/rag-server'

/*
 * npm run bench:rag: how quick FAQ answers and idle polls are while 200 questions hang in a RAG API that says nothing,
 * beside how quick they are on a quiet server. --server names a build of Nuxt's; DATABASE_URL for PostgreSQL, else PGlite.
 */
const { values: options } = parseArgs({ options: {
  questions: { type: 'string', default: '200' },
  rounds: { type: 'string', default: '200' },
  server: { type: 'string' },
} })
const questions = Number(options.questions)
const CUSTOMERS = 20

const quantile = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!

async function time(work: () => Promise<unknown>, rounds: number) {
  const times: number[] = []
  for (let n = 0; n < rounds; n++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) }
}

async function measure(anna: TestClient, faq: string, rounds: number) {
  const { body } = await anna.post('/api/chatbot/messages', { message_text: faq })
  if (body.source !== 'faq') throw new Error(`Not a FAQ's answer: ${JSON.stringify(body)}`)
  const path = `/api/chatbot/conversations/${body.conversation_id}/messages?after=${body.seq}`
  const answer = await time(() => anna.post('/api/chatbot/messages', { message_text: faq }), rounds)
  const etag = (await anna.get(path)).headers.get('etag')!
  const poll = await time(() => anna.get(path, { 'if-none-match': etag }), rounds)
  return { answer, poll }
}

const folder = await mkdtemp(join(tmpdir(), 'vb-bench-'))
const service = await startRagServer(rag.hang())
const app = await createAppServer({ entry: options.server ?? await bundleServer(), variables: { DATA_DIR: folder, ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}) }, logFile: join(tmpdir(), 'vb-bench-rag.log') })
try {
  await app.start()
  const admin = await signIn(app.origin)
  await putConfig(admin, { rag_api_url: service.url, rag_timeout_ms: 60_000, rag_max_in_flight: 1_000 })
  const faq = (await admin.get('/api/chatbot/faqs')).body[0].question as string
  const anna = await signIn(app.origin, { email: `bench-${process.pid}@example.com`, name: 'Anna' })
  await measure(anna, faq, 50)
  const rounds = Number(options.rounds)
  const quiet = await measure(anna, faq, rounds)

  const others: TestClient[] = []
  for (let n = 0; n < CUSTOMERS; n++) others.push(await signIn(app.origin, { email: `bench-${process.pid}-${n}@example.com`, name: 'Other' }))
  const leaving = new AbortController()
  const hanging = Array.from({ length: questions }, (_, n) => others[n % CUSTOMERS]!.request('POST', '/api/chatbot/messages', { body: { message_text: `zxqv brimble ${n} frobnicate quux` }, signal: leaving.signal }).catch(() => null))
  while (service.requests.length < questions) await pause(50)
  const busy = await measure(anna, faq, rounds)
  const still = (await admin.get('/api/admin/rag/status')).body.in_flight as number
  leaving.abort()
  await Promise.all(hanging)
  const ratio = (a: number, b: number) => Math.round(a / b * 100) / 100
  const row = (name: 'answer' | 'poll') => ({ what: name, ...Object.fromEntries((['p50', 'p95'] as const).flatMap(q => [[`${q} quiet ms`, +quiet[name][q].toFixed(1)], [`${q} busy ms`, +busy[name][q].toFixed(1)], [`${q} ratio`, ratio(busy[name][q], quiet[name][q])]])) })
  console.table([row('answer'), row('poll')])
  console.log(`${still} questions hung in the RAG API all the while (${process.env.DATABASE_URL ? 'PostgreSQL' : 'PGlite'}).`)
  const worst = Math.max(ratio(busy.answer.p50, quiet.answer.p50), ratio(busy.poll.p50, quiet.poll.p50))
  if (worst > 1.5 || still < questions) process.exitCode = 1
}
finally {
  await app.kill()
  await service.stop()
  await rm(folder, { recursive: true, force: true })
}
