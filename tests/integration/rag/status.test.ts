import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { env, setEnv } from '#server/core/env'
import { findConfig } from '#server/db/config'
import { openRagApiKey, rotateSecrets } from '#server/services/config/rag-api-key'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

// The first question loads the matcher's models, which takes its time on a loaded machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
let admin: SignedInClient
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer()
  anna = await api.customer()
  admin = await api.admin()
  await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })
}, 120_000)
beforeEach(async () => {
  await api.settled()
  server.forget()
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 5_000, ragLateAnswerMs: 0, ragMaxInFlight: 32, key: 'secret-key-1234' })
})
afterAll(async () => {
  await api.close()
  await server.stop()
})

const ask = (n: number) => anna.post('/api/chatbot/messages', { message_text: unknownQuestion(n) })
const status = async () => (await admin.get('/api/admin/rag/status')).body

describe('GET /api/admin/rag/status', () => {
  it('tells of a RAG API that is well', async () => {
    await ask(1)
    expect(await status()).toEqual({
      configured: true, format: 'plain', key: 'set', breaker: { state: 'closed', opened_at: null, try_again_at: null }, in_flight: 0, max_in_flight: 32,
      last_answer_at: expect.any(String), last_error: null, last_hour: { calls: 1, failed: 0, skipped: 0, p50_ms: expect.any(Number), p95_ms: expect.any(Number) },
      outbox: { pending: 0, given_up: 0, oldest_pending_at: null, last_error: null }, pending_questions: 0,
    })
  })

  it('tells of one that is down, whose breaker opens: then questions cost no request', async () => {
    server.always(rag.status(500))
    for (let n = 0; n < 7; n++) expect((await ask(n)).body.source).toBe('fallback')
    expect(server.requests.length).toBe(5)
    expect(await status()).toMatchObject({ breaker: { state: 'open', opened_at: expect.any(String), try_again_at: expect.any(String) }, last_error: { reason: 'status 500', status: 500 }, last_hour: { calls: 5, failed: 5, skipped: 2 } })
    // Another setting is another try.
    server.always(rag.answer('Well again.'))
    const { version } = (await admin.get('/api/admin/config')).body
    await admin.put('/api/admin/config', { version, rag_timeout_ms: 6_000 })
    expect((await ask(8)).body.source).toBe('rag')
  })

  it('counts what is in flight; beyond the limit a question falls back at once', async () => {
    await configure({ ragMaxInFlight: 1 })
    let release = () => {}
    const released = new Promise<void>(resolve => release = resolve)
    server.always(async (request, response) => {
      await released
      await rag.answer('At last.')(request, response)
    })
    const first = ask(1)
    await server.nextRequest()
    expect((await status()).in_flight).toBe(1)
    expect((await ask(2)).body.source).toBe('fallback')
    release()
    expect((await first).body.source).toBe('rag')
  })
})

describe('a key that cannot be read any more', () => {
  it('is said in the admin’s config and status, and asking falls back without a request', async () => {
    const before = env()
    setEnv({ ...before, ENCRYPTION_KEY: 'another-encryption-key-0123456789a' })
    try {
      expect((await ask(1)).body.source).toBe('fallback')
      expect(server.requests).toEqual([])
      expect(await status()).toMatchObject({ key: 'unreadable' })
      expect((await admin.get('/api/admin/config')).body).toMatchObject({ rag_api_key_status: 'unreadable', rag_api_key_set: true })
      expect((await admin.post('/api/admin/config/test', {})).body).toMatchObject({ ok: false, outcome: 'skipped', key: 'unreadable' })
    }
    finally {
      setEnv(before)
    }
  })

  it('is read with the previous secret until keys:rotate has sealed it anew', async () => {
    const before = env()
    const next = { ...before, ENCRYPTION_KEY: 'another-encryption-key-0123456789a' }
    try {
      setEnv({ ...next, ENCRYPTION_KEY_PREVIOUS: before.ENCRYPTION_KEY })
      expect((await ask(1)).body.source).toBe('rag')
      expect(await rotateSecrets()).toBe('rotated')
      setEnv(next)
      expect(openRagApiKey((await findConfig())!)).toEqual({ status: 'set', key: 'secret-key-1234' })
    }
    finally {
      setEnv(before)
    }
    expect(await rotateSecrets()).toBe('unreadable')
  })
})

describe('POST /api/admin/config/test', () => {
  const test = async (body = {}) => (await admin.post('/api/admin/config/test', body)).body

  it('asks with the stored settings', async () => {
    server.always(rag.answer('From the menu.', [{ title: 'Menu' }]))
    expect(await test({ question: 'Is there a menu?' })).toMatchObject({ ok: true, outcome: 'answer', status: 200, duration_ms: expect.any(Number), answer: 'From the menu.', citations: [{ title: 'Menu', url: null }], reason: null, key: 'sent' })
    expect(server.requests).toMatchObject([{ body: { text: 'Is there a menu?', history: [] }, headers: { authorization: 'Bearer secret-key-1234' } }])
  })

  it('never sends the stored key to another origin', async () => {
    const other = await startRagServer()
    expect(await test({ rag_api_url: other.url })).toMatchObject({ ok: true, key: 'withheld' })
    expect(other.requests[0]!.headers).not.toHaveProperty('authorization')
    expect(await test({ rag_api_url: other.url, rag_api_key: 'typed' })).toMatchObject({ key: 'sent' })
    expect(other.requests[1]!.headers).toMatchObject({ authorization: 'Bearer typed' })
    await other.stop()
  })

  it('tells why it failed, in the service’s words too, and stores nothing', async () => {
    server.always(rag.status(401, { detail: 'invalid API key' }))
    expect(await test()).toMatchObject({ ok: false, outcome: 'failed', status: 401, reason: 'status 401', detail: 'invalid API key', answer: null })
    expect(await test({ rag_api_url: 'http://169.254.169.254/latest' })).toMatchObject({ ok: false, reason: 'the address was refused: it is a link-local, metadata or multicast address', status: null })
    expect((await status()).last_hour.calls).toBe(0)
  })

  it('says so where no address is set', async () => {
    await configure({ ragApiUrl: null })
    expect(await test()).toMatchObject({ ok: false, outcome: 'skipped', reason: 'no address is set' })
  })
})

describe('GET /api/metrics', () => {
  it('is there for this machine, in Prometheus’ format', async () => {
    await ask(1)
    const response = await api.visitor().get('/api/metrics')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    for (const line of ['vasiliasbot_rag_calls_total{format="plain",outcome="answer"}', 'vasiliasbot_rag_breaker_state{state="closed"} 1', 'vasiliasbot_outbox_depth{status="pending"} 0', 'vasiliasbot_rag_last_hour_seconds{quantile="0.95"}']) expect(response.text).toContain(line)
    expect(response.text).not.toContain('zxqv')
  })

  it('is hidden from others, whom a proxy on this machine brings, unless they know the token', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9' }
    expect((await api.visitor().get('/api/metrics', forwarded)).status).toBe(404)
    const before = env()
    setEnv({ ...before, METRICS_TOKEN: 'metrics-token-0123456789' })
    try {
      expect((await api.visitor().get('/api/metrics', forwarded)).status).toBe(401)
      expect((await api.visitor().get('/api/metrics', { ...forwarded, authorization: 'Bearer metrics-token-0123456789' })).status).toBe(200)
    }
    finally {
      setEnv(before)
    }
  })
})
