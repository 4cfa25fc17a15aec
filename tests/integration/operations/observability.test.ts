import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { log } from '#server/core/log'
import { inTransaction, rowsOf } from '#server/db/client'
import { closeLimits } from '#server/services/limits/limits'
import { observeDatabase } from '#server/services/observe-database'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
const lines: Record<string, unknown>[] = []
beforeAll(async () => {
  api = await startApi({ variables: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } })
  server = await startRagServer()
  anna = await api.customer()
})
afterAll(async () => {
  await api.close()
  await server.stop()
})
afterEach(async () => {
  // What requests counted against the limits goes to the database seconds later, under their ids.
  await closeLimits()
  vi.restoreAllMocks()
  log.level = process.env.LOG_LEVEL ?? 'silent'
  lines.length = 0
})

/** Everything that is logged from now on, as it would be written. */
function listen() {
  log.level = 'trace'
  const stream = (log as unknown as Record<symbol, { write: (line: string) => void }>)[Object.getOwnPropertySymbols(log).find(symbol => String(symbol) === 'Symbol(pino.stream)')!]!
  vi.spyOn(stream, 'write').mockImplementation(line => void lines.push(JSON.parse(line)))
}

describe('POST /api/client-errors', () => {
  const report = (body: unknown, headers: Record<string, string> = {}, from = '198.51.100.1') => api.visitor().post('/api/client-errors', body, { 'origin': api.origin, 'x-forwarded-for': from, ...headers })

  it('writes an error of a page to the log, without anything somebody wrote', async () => {
    listen()
    const answer = await report({
      message: 'Unexpected token "My mother must not know" anna@example.com +30 694 123 4567 is not valid JSON\u0007',
      stack: 'SyntaxError: My mother must not know\n    at parse (https://site.example/_nuxt/a.js?q=secret:1:20)\nmore words\n    at https://site.example/_nuxt/b.js:3:4',
      page: '/my-plan?search=secret#secret',
    })
    expect([answer.status, answer.text]).toEqual([204, ''])
    const line = lines.find(({ msg }) => msg === 'An error in a browser')!
    expect(line).toMatchObject({ level: 'warn', page: '/my-plan', request_id: answer.headers.get('x-request-id'), client_error: expect.stringMatching(/^Unexpected token "…" \[EMAIL_\w+\] \[PHONE_\w+\] is not valid JSON $/) })
    expect(line.client_stack).toBe('    at parse (https://site.example/_nuxt/a.js:1:20)\n    at https://site.example/_nuxt/b.js:3:4')
    expect(JSON.stringify(lines)).not.toMatch(/mother|secret|anna@|694/)
  })

  it('cuts what is long and refuses what is huge, of another site, from no browser, or too often', async () => {
    listen()
    expect((await report({ message: 'x'.repeat(3000), stack: 'at y.js:1:1\n'.repeat(300) })).status).toBe(204)
    const line = lines.find(({ msg }) => msg === 'An error in a browser')!
    expect([(line.client_error as string).length, (line.client_stack as string).length]).toEqual([300, 2000])
    expect((await report({ message: 'x'.repeat(9000) })).status).toBe(413)
    expect((await report({}, {}, '198.51.100.2')).status).toBe(400)
    expect((await report({ message: 'x' }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await api.visitor().post('/api/client-errors', { message: 'x' })).status).toBe(403)
    let last = await report({ message: 'x' })
    for (let i = 0; i < 20 && last.status === 204; i++) last = await report({ message: 'x' })
    expect([last.status, last.body.code]).toEqual([429, 'RATE_LIMITED'])
    expect((await report({ message: 'x' }, {}, '198.51.100.3')).status).toBe(204)
  })
})

describe('the request id', () => {
  it('is in every line that a request causes, through services, database and RAG, and in the work after its answer', async () => {
    await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 10_000, ragLateAnswerMs: 0 })
    server.always(rag.status(500))
    observeDatabase(0.000_001)
    listen()
    const id = 'story-0815'
    const words = unknownQuestion(7)
    await anna.post('/api/chatbot/messages', { message_text: words }, { 'x-request-id': id })
    await api.settled()
    await vi.waitFor(() => expect(lines.some(({ msg }) => msg === 'request')).toBe(true))
    observeDatabase(0)
    const told = new Set(lines.map(({ msg }) => msg))
    expect([...told]).toEqual(expect.arrayContaining(['request', 'A slow query', 'The RAG API did not answer']))
    expect(lines.filter(line => line.request_id !== id)).toEqual([])
    expect(server.requests.at(-1)!.headers['x-request-id']).toBe(id)
    expect(JSON.stringify(lines)).not.toContain('zxqv')
  })
})

describe('the slow-query log', () => {
  it('has the statement with its placeholders, also in a transaction and of one that failed, never a value', async () => {
    observeDatabase(0.000_001)
    listen()
    await rowsOf(sql`select ${'my secret'}::text as   words`)
    await inTransaction(() => rowsOf(sql`select ${'my secret'}::text as inside`))
    await rowsOf(sql`select ${'my secret'}::int`).catch(() => {})
    observeDatabase(0)
    await rowsOf(sql`select 1`)
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'A slow query', statement: 'select $1::text as words', duration_ms: expect.any(Number) }),
      expect.objectContaining({ statement: 'select $1::text as inside' }),
      expect.objectContaining({ statement: 'select $1::int', failed: true }),
    ])
    expect(JSON.stringify(lines)).not.toContain('my secret')
  })
})

describe('GET /api/metrics', () => {
  it('counts requests by route, answers by source, decisions of the matcher, statements and browsers’ errors', async () => {
    const read = async () => (await api.visitor().get('/api/metrics')).text
    const valueOf = (text: string, start: string) => Number(text.split('\n').find(line => line.startsWith(start))?.split(' ').at(-1) ?? 0)
    const names = {
      faq: 'vasiliasbot_replies_total{source="faq"}', fallback: 'vasiliasbot_replies_total{source="fallback"}',
      sure: 'vasiliasbot_matcher_decisions_total{pass="words",decision="answer"}', open: 'vasiliasbot_matcher_decisions_total{pass="words",decision="forward"}', again: 'vasiliasbot_matcher_decisions_total{pass="again",decision="forward"}',
      sent: 'vasiliasbot_http_request_seconds_count{method="POST",route="/api/chatbot/messages",status="200"}',
      read: 'vasiliasbot_http_request_seconds_count{method="GET",route="/api/chatbot/conversations/:id/messages",status="200"}',
      unknown: 'vasiliasbot_http_request_seconds_count{method="GET",route="unknown",status="404"}',
      statements: 'vasiliasbot_database_statement_seconds_count{result="ok"}',
    }
    const all = (text: string) => Object.fromEntries(Object.entries(names).map(([name, start]) => [name, valueOf(text, start)]))
    await configure({ ragApiUrl: null })
    const before = all(await read())
    const { body } = await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })
    await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(8) })
    await anna.get(`/api/chatbot/conversations/${body.conversation_id}/messages`)
    for (const path of ['/api/x1', '/api/x2']) await anna.get(path)
    const text = await read()
    const after = all(text)
    const { statements, ...counted } = Object.fromEntries(Object.keys(names).map(name => [name, after[name]! - before[name]!]))
    expect(counted).toEqual({ faq: 1, fallback: 1, sure: 1, open: 1, again: 1, sent: 2, read: 1, unknown: 2 })
    expect(statements).toBeGreaterThan(5)
    expect(valueOf(text, 'vasiliasbot_database_pool_size')).toBe(process.env.TEST_DB === 'postgres' ? 10 : 1)
    for (const name of ['vasiliasbot_client_errors_total', 'vasiliasbot_database_statements_in_flight', 'vasiliasbot_rag_calls_total', 'vasiliasbot_outbox_depth', 'process_resident_memory_bytes']) expect(text).toContain(`\n${name}`)
    expect(text).not.toContain(body.conversation_id)
  })
})
