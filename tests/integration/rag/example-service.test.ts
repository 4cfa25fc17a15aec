import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rowsOf } from '#server/db/client'
import { startApi, type ApiHarness } from '../../support/api'
import { configure } from '../../support/rag-config'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const python = ['/usr/bin/python3', 'python3', 'python'].find(name => spawnSync(name, ['-c', 'import fastapi, uvicorn']).status === 0)

/** The Python service of examples/rag-fastapi, as an operator runs it; skipped where Python has no fastapi and uvicorn. */
describe.skipIf(!python)('the example RAG service', () => {
  let api: ApiHarness
  let service: ChildProcess
  beforeAll(async () => {
    api = await startApi()
    // Every question is to reach the service; what the FAQs make of it is tested elsewhere.
    await rowsOf(sql`update faqs set is_active = false`)
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => probe.once('listening', resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise(resolve => probe.close(resolve))
    service = spawn(python!, ['-m', 'uvicorn', 'app:app', '--port', String(port), '--log-level', 'error'], { cwd: 'examples/rag-fastapi', env: { ...process.env, RAG_API_KEY: 'example-key', PYTHONDONTWRITEBYTECODE: '1' }, stdio: 'ignore' })
    const origin = `http://127.0.0.1:${port}`
    await vi.waitFor(async () => expect((await fetch(`${origin}/health`)).ok).toBe(true), { timeout: 60_000, interval: 100 })
    await configure({ ragApiUrl: `${origin}/ask`, ragApiFormat: 'plain', ragTimeoutMs: 20_000, ragLateAnswerMs: 0, key: 'example-key' })
  })
  afterAll(async () => {
    service?.kill()
    await api.close()
  })

  it('answers from its documents, with their source, and takes the rating', async () => {
    const anna = await api.customer()
    const { body } = await anna.post('/api/chatbot/messages', { message_text: 'How much is corkage a bottle if we bring our own wine?' })
    expect(body).toMatchObject({ source: 'rag', text: expect.stringContaining('12 euros a bottle'), citations: [{ title: 'Corkage for your own wine (menu.md)', url: null }] })
    await anna.post('/api/chatbot/feedback', { message_id: body.id, value: 'up' })
    await api.settled()
    const admin = await api.admin()
    expect((await admin.get('/api/admin/outbox')).body.items).toMatchObject([{ status: 'delivered', attempts: 1 }])
  })

  it('says that it does not know: the fallback', async () => {
    const anna = await api.customer()
    expect((await anna.post('/api/chatbot/messages', { message_text: 'zxqv brimble frobnicate quux' })).body.source).toBe('fallback')
  })

  it('refuses a wrong key, which the admin is told', async () => {
    const admin = await api.admin()
    expect((await admin.post('/api/admin/config/test', { rag_api_key: 'wrong' })).body).toMatchObject({ ok: false, status: 401, detail: 'Send the API key as Authorization: Bearer.' })
    expect((await admin.post('/api/admin/config/test', { question: 'May dogs come to the venue?' })).body).toMatchObject({ ok: true, answer: expect.stringContaining('on a lead') })
  })
})
