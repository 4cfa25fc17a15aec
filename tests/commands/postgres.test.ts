import postgres from 'postgres'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { Workshop } from '../support/server-process'
import { startTcpProxy } from '../support/tcp-proxy'

const server = process.env.TEST_DATABASE_URL
const secrets = { AUTH_SECRET: 'commands-auth-secret-0123456789ab', ENCRYPTION_KEY: 'commands-encryption-key-0123456789' }
const workshop = new Workshop()
const admin = server ? postgres(server, { max: 1, onnotice: () => {} }) : undefined
const made: string[] = []

async function emptyDatabase(): Promise<string> {
  const name = `vb_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_commands${made.length}`
  await admin!.unsafe(`create database ${name}`)
  made.push(name)
  const url = new URL(server!)
  url.pathname = `/${name}`
  return url.href
}

afterEach(() => workshop.tidy())
afterAll(async () => {
  for (const name of made) await admin!.unsafe(`drop database if exists ${name} with (force)`)
  await admin?.end()
})

describe.skipIf(!server)('on PostgreSQL', () => {
  it('four servers that start at once on an empty database all come up, and the seed is there once', async () => {
    const url = await emptyDatabase()
    const servers = Array.from({ length: 4 }, () => workshop.launch({ env: { DATABASE_URL: url, RATE_LIMITS: 'off', ...secrets } }))
    const origins = await Promise.all(servers.map(each => each.ready()))
    expect(servers.map(each => /customer\s+\S+@/.test(each.output)), 'no demo accounts on PostgreSQL').toEqual([false, false, false, false])

    const account = { email: 'anna@example.com', password: 'cypress-island-violin', name: 'Anna' }
    const anna = createTestClient(origins[0]!)
    expect((await anna.post('/api/auth/register', account)).status).toBe(201)
    expect((await anna.post('/api/auth/login', account)).status).toBe(200)
    const lists = await Promise.all(origins.map(async (origin) => {
      const client = createTestClient(origin)
      anna.cookies.forEach((value, name) => client.cookies.set(name, value))
      return (await client.get('/api/chatbot/faqs')).body.map((faq: { question: string }) => faq.question)
    }))
    expect(new Set(lists[0]).size).toBe(lists[0].length)
    expect(lists[0].length).toBeGreaterThanOrEqual(12)
    for (const list of lists) expect(list).toEqual(lists[0])

    await anna.post('/api/auth/logout')
    const elsewhere = createTestClient(origins[3]!)
    anna.cookies.forEach((value, name) => elsewhere.cookies.set(name, value))
    expect((await elsewhere.get('/api/chatbot/faqs')).status, 'signed out on every server').toBe(401)
    expect((await Promise.all(servers.map(each => each.stop()))).map(({ code }) => code)).toEqual([0, 0, 0, 0])
  })

  it('eight identical sends through four servers make one message and one reply', async () => {
    const url = await emptyDatabase()
    const servers = Array.from({ length: 4 }, () => workshop.launch({ env: { DATABASE_URL: url, RATE_LIMITS: 'off', ...secrets } }))
    const origins = await Promise.all(servers.map(each => each.ready()))
    const account = { email: 'eight@example.com', password: 'cypress-island-violin', name: 'Eight' }
    const first = createTestClient(origins[0]!)
    await first.post('/api/auth/register', account)
    await first.post('/api/auth/login', account)
    const send = { message_text: 'What happens if it rains?', client_message_id: '01920000-0000-7000-8000-00000000abcd' }
    const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => {
      const client = createTestClient(origins[number % 4]!)
      first.cookies.forEach((value, name) => client.cookies.set(name, value))
      return client.post('/api/chatbot/messages', send)
    }))
    expect(answers.map(({ status }) => status), answers.map(({ text }) => text).join('\n')).toEqual(Array.from({ length: 8 }, () => 200))
    expect(new Set(answers.map(({ body }) => body.message_id)).size).toBe(1)
    const { body } = await first.get(`/api/chatbot/conversations/${answers[0]!.body.conversation_id}/messages`)
    expect(body.map((message: { seq: number, sender: string }) => [message.seq, message.sender])).toEqual([[1, 'customer'], [2, 'bot']])
  })

  it('answers 503 with Retry-After while the database is away, stays alive, and serves again when it is back', async () => {
    const url = new URL(await emptyDatabase())
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) })
    url.host = `127.0.0.1:${proxy.port}`
    const origin = await workshop.launch({ env: { DATABASE_URL: url.href, RATE_LIMITS: 'off', ...secrets } }).ready()
    const visitor = createTestClient(origin)
    await proxy.cut()
    for (const path of ['/api/health/ready', '/api/auth/session']) {
      const { status, headers, body } = await visitor.get(path, { cookie: `vb_session=${'x'.repeat(43)}` })
      expect([path, status, body.code]).toEqual([path, 503, 'UNAVAILABLE'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await visitor.get('/api/health/live')).status).toBe(200)
    await proxy.restore()
    await expect.poll(async () => (await visitor.get('/api/health/ready')).status, { timeout: 20_000, interval: 250 }).toBe(200)
    await proxy.stop()
  })
})
