import postgres from 'postgres'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { createTestClient, type TestClient } from '../support/api-client'
import { rag, startRagServer, type RagServer } from '../support/rag-server'
import { Workshop } from '../support/server-process'

const server = process.env.TEST_DATABASE_URL
const settings = { AUTH_SECRET: 'commands-auth-secret-0123456789ab', ENCRYPTION_KEY: 'commands-encryption-key-0123456789', ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'cypress-island-violin', RATE_LIMITS: 'off' }
const workshop = new Workshop()
const admin = server ? postgres(server, { max: 1, onnotice: () => {} }) : undefined
const made: string[] = []
let service: RagServer | undefined

async function twoServers() {
  const name = `vb_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_rag${made.length}`
  await admin!.unsafe(`create database ${name}`)
  made.push(name)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const servers = [1, 2].map(() => workshop.launch({ env: { DATABASE_URL: url.href, ...settings } }))
  const origins = await Promise.all(servers.map(each => each.ready()))
  const boss = await signIn(origins[0]!, { email: settings.ADMIN_EMAIL, password: settings.ADMIN_PASSWORD })
  service = await startRagServer()
  const { version } = (await boss.get('/api/admin/config')).body
  expect((await boss.put('/api/admin/config', { version, rag_api_url: service.url, rag_timeout_ms: 20_000, rag_late_answer_ms: 30_000 })).status).toBe(200)
  const account = { email: 'anna@example.com', password: 'cypress-island-violin', name: 'Anna' }
  await createTestClient(origins[0]!).post('/api/auth/register', account)
  const clients = await Promise.all(origins.map(origin => signIn(origin, account)))
  // The other server takes a change of the config over within five seconds.
  await vi.waitFor(async () => expect((await (await signIn(origins[1]!, boss.account)).get('/api/admin/rag/status')).body.configured).toBe(true), { timeout: 10_000, interval: 500 })
  return { servers, boss, clients: clients as [SignedIn, SignedIn] }
}

type SignedIn = TestClient & { account: { email: string, password: string } }
async function signIn(origin: string, account: { email: string, password: string }): Promise<SignedIn> {
  const client = createTestClient(origin)
  expect((await client.post('/api/auth/login', account)).status).toBe(200)
  return Object.assign(client, { account })
}

afterEach(async () => {
  await workshop.tidy()
  await service?.stop()
})
afterAll(async () => {
  for (const name of made) await admin!.unsafe(`drop database if exists ${name} with (force)`)
  await admin?.end()
})

describe.skipIf(!server)('two servers over one database', () => {
  it('take a killed server’s question over within seconds, and answer it once', async () => {
    const { servers, clients } = await twoServers()
    service!.always(rag.hang())
    const clientId = v7()
    const sent = clients[0].post('/api/chatbot/messages', { message_text: 'zxqv brimble frobnicate quux', client_message_id: clientId }).catch(() => 'cut off')
    await service!.nextRequest()
    service!.always(rag.answer('From the other server.'))
    await servers[0]!.stop('SIGKILL')
    expect(await sent).toBe('cut off')
    const killedAt = Date.now()
    const { body: [conversation] } = await clients[1].get('/api/chatbot/conversations')
    const history = async () => (await clients[1].get(`/api/chatbot/conversations/${conversation.id}/messages`)).body
    await vi.waitFor(async () => expect(await history()).toMatchObject([{ client_message_id: clientId }, { text: 'From the other server.', source: 'rag' }]), { timeout: 25_000, interval: 200 })
    expect(Date.now() - killedAt).toBeLessThan(20_000)
    expect((await clients[1].post('/api/chatbot/messages', { message_text: 'zxqv brimble frobnicate quux', client_message_id: clientId })).body.text).toBe('From the other server.')
    expect((await history()).length).toBe(2)
  })

  it('ask for each question once and deliver each rating once, however they hurry', async () => {
    const { boss, clients } = await twoServers()
    service!.on('/ask/feedback', rag.status(200))
    const sends = Array.from({ length: 10 }, (_, n) => ({ message_text: `zxqv brimble ${n} frobnicate quux`, client_message_id: v7() }))
    const replies = await Promise.all(sends.flatMap(send => clients.map(client => client.post('/api/chatbot/messages', send))))
    expect(replies.map(reply => reply.body.source)).toEqual(replies.map(() => 'rag'))
    const asked = service!.requests.map(request => (request.body as { message_id: string }).message_id)
    expect(asked.length).toBe(sends.length)
    expect(new Set(asked).size).toBe(sends.length)
    const ids = [...new Set(replies.map(reply => reply.body.id as string))]
    expect(ids.length).toBe(sends.length)
    service!.requests.length = 0
    await Promise.all(ids.flatMap(id => clients.map(client => client.post('/api/chatbot/feedback', { message_id: id, value: 'up' }))))
    await vi.waitFor(async () => expect((await boss.get('/api/admin/rag/status')).body.outbox).toMatchObject({ pending: 0, given_up: 0 }), { timeout: 20_000, interval: 200 })
    const keys = service!.requests.map(request => request.headers['idempotency-key'])
    expect(keys.length).toBe(sends.length)
    expect(new Set(keys).size).toBe(sends.length)
  })

  it('stop within their time though a late answer is under way, which the other then gives', async () => {
    const { servers, clients } = await twoServers()
    service!.always(rag.hang())
    // Behind the time limit of the answer, so that only the late one is left.
    const leaving = new AbortController()
    const sent = clients[0].request('POST', '/api/chatbot/messages', { body: { message_text: 'zxqv brimble frobnicate quux', accept_pending: true }, signal: leaving.signal }).catch(() => null)
    await service!.nextRequest()
    leaving.abort()
    await sent
    service!.always(rag.answer('After the deploy.'))
    expect((await servers[0]!.stop()).code).toBe(0)
    const { body: [conversation] } = await clients[1].get('/api/chatbot/conversations')
    await vi.waitFor(async () => expect((await clients[1].get(`/api/chatbot/conversations/${conversation.id}/messages`)).body.at(-1)).toMatchObject({ text: 'After the deploy.' }), { timeout: 20_000, interval: 200 })
  })
})
