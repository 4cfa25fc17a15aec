import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEnv } from '#server/core/env'
import { log } from '#server/core/log'
import { forgetBudget } from '#server/services/answering/rag/daily-budget'
import { resetLimits } from '#server/services/limits/limits'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })
const DAY_MS = 24 * 60 * 60 * 1000

let api: ApiHarness
let service: RagServer
let customer: SignedInClient
let now = Date.now()
beforeAll(async () => {
  api = await startApi({ variables: { RAG_DAILY_BUDGET: '3', RATE_LIMITS: 'on' } })
  service = await startRagServer()
})
afterAll(async () => {
  await api.close()
  await service.stop()
})
beforeEach(async () => {
  await api.reset()
  now += 3 * DAY_MS
  resetLimits(() => now)
  forgetBudget()
  service.forget()
  await configure({ ragApiUrl: service.url, ragApiFormat: 'plain', ragTimeoutMs: 20_000 })
  customer = await api.customer()
})

const ask = async (n: number) => (await customer.post('/api/chatbot/messages', { message_text: unknownQuestion(n) })).body.source
const skipped = async () => Number(/rag_calls_total\{[^}]*outcome="skipped"[^}]*\} (\d+)/.exec((await api.visitor().request('GET', '/api/metrics')).text)?.[1] ?? 0)

describe('RAG_DAILY_BUDGET', () => {
  it('asks so often in a day and no more; the rest get the fallback, are counted, and are said once', async () => {
    const warn = vi.spyOn(log, 'warn')
    const before = await skipped()
    expect([await ask(1), await ask(2), await ask(3)]).toEqual(['rag', 'rag', 'rag'])
    expect([await ask(4), await ask(5)]).toEqual(['fallback', 'fallback'])
    expect(service.requests).toHaveLength(3)
    expect(await skipped() - before).toBe(2)
    const said = warn.mock.calls.map(call => String(call[1])).filter(line => line.startsWith('RAG_DAILY_BUDGET is used up'))
    expect(said).toHaveLength(1)
    warn.mockRestore()

    now += DAY_MS + DAY_MS / 30
    expect(await ask(6)).toBe('rag')
  })

  it('holds for questions that come at the same moment', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => api.customer()))
    const replies = await Promise.all(people.map((person, n) => person.post('/api/chatbot/messages', { message_text: unknownQuestion(n) })))
    expect(replies.filter(reply => reply.body.source === 'rag')).toHaveLength(3)
    expect(service.requests).toHaveLength(3)
  })

  it('is not spent on questions that were not asked because too many were under way', async () => {
    await configure({ ragApiUrl: service.url, ragMaxInFlight: 1 })
    service.always(rag.after(300, rag.answer('Slowly.')))
    const people = await Promise.all(Array.from({ length: 4 }, () => api.customer()))
    const first = await Promise.all(people.slice(0, 2).map((person, n) => person.post('/api/chatbot/messages', { message_text: unknownQuestion(n) })))
    // Whatever was let through at once, only what was asked has been counted.
    const asked = service.requests.length
    expect(first.filter(reply => reply.body.source === 'rag')).toHaveLength(asked)
    service.always(rag.answer('Quickly.'))
    let more = 0
    for (let n = 10; n < 14; n++) if (await ask(n) === 'rag') more++
    expect(asked + more).toBe(3)
  })

  it('is off without the variable, and refused when it is no number', () => {
    const source = { DATA_DIR: '/tmp', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32) }
    expect(readEnv(source).RAG_DAILY_BUDGET).toBeUndefined()
    expect(() => readEnv({ ...source, RAG_DAILY_BUDGET: '0' })).toThrow('RAG_DAILY_BUDGET must be a whole number from 1 to 10000000.')
  })
})
