import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestClient, type TestClient } from '../support/api-client'
import { buildFunction, filesOf, presets, type FunctionBuild, type Preset } from '../support/function-build'
import { root, Workshop, type ServerProcess } from '../support/server-process'

/*
 * The product built for hosts of functions, its handler called on this machine as the host calls it. `npm test` builds
 * for one of them, `npm run test:serverless` for all.
 */
const chosen = (process.env.SERVERLESS_PRESETS ?? 'aws-lambda').split(',') as Preset[]
const server = process.env.TEST_DATABASE_URL
const secrets = { AUTH_SECRET: 'functions-auth-secret-0123456789ab', ENCRYPTION_KEY: 'functions-encryption-key-012345678', CRON_SECRET: 'functions-cron-secret-012' }
const account = { email: 'anna@example.com', password: 'cypress-island-violin', name: 'Anna' }
const cookieName = '__Host-vb_session'

const workshop = new Workshop()
const admin = server ? postgres(server, { max: 1, onnotice: () => {} }) : undefined
const made: string[] = []

afterEach(() => workshop.tidy())
afterAll(async () => {
  for (const name of made) await admin!.unsafe(`drop database if exists ${name} with (force)`)
  await admin?.end()
})

async function emptyDatabase(): Promise<string> {
  const name = `vb_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_functions${made.length}`
  await admin!.unsafe(`create database ${name}`)
  made.push(name)
  const url = new URL(server!)
  url.pathname = `/${name}`
  return url.href
}

it('knows the hosts that are asked for', () => {
  expect(presets).toEqual(expect.arrayContaining(chosen))
})

describe.skipIf(!server).each(chosen)('built for %s', (preset) => {
  let build: FunctionBuild
  beforeAll(async () => {
    build = await buildFunction(preset)
  })

  function launch(env: Record<string, string>): ServerProcess {
    // Hosts run the function in a folder of their own.
    return workshop.launch({ script: `${root}tests/support/function-host.mjs`, cwd: workshop.folder(), env: { FUNCTION_PRESET: preset, FUNCTION_HANDLER: build.handler, LOG_LEVEL: 'info', RATE_LIMITS: 'off', TRUST_PROXY: '1', ...env } })
  }

  async function signIn(origin: string): Promise<TestClient> {
    const client = createTestClient(origin)
    expect((await client.post('/api/auth/login', account)).status).toBe(200)
    expect([...client.cookies.keys()], 'https ends at the host').toContain(cookieName)
    return client
  }

  it('serves health, pages, sign-in, a question and a poll, with the database as its only state', async () => {
    const env = { DATABASE_URL: await emptyDatabase(), ...secrets }
    const [first, second] = [launch(env), launch(env)]
    const [here, there] = await Promise.all([first.ready(), second.ready()])
    // Both start cold on an empty database with the same request.
    expect((await Promise.all([here, there].map(origin => createTestClient(origin).get('/api/health/ready')))).map(({ status }) => status)).toEqual([200, 200])
    expect((await createTestClient(here).post('/api/auth/register', account)).status).toBe(201)
    const anna = await signIn(here)
    const home = await anna.get('/')
    expect([home.status, home.text]).toEqual([200, expect.stringContaining('<h1')])
    const asked = await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })
    expect(asked.body, asked.text).toMatchObject({ source: 'faq', sender: 'bot' })
    const fallback = await anna.post('/api/chatbot/messages', { message_text: 'Ποιος έφαγε το φεγγάρι;' })
    expect(fallback.body, fallback.text).toMatchObject({ source: 'fallback' })

    const elsewhere = createTestClient(there)
    anna.cookies.forEach((value, name) => elsewhere.cookies.set(name, value))
    const poll = await elsewhere.get(`/api/chatbot/conversations/${asked.body.conversation_id}/messages`)
    expect(poll.body.map(({ text }: { text: string }) => text)).toEqual(['What happens if it rains?', asked.body.text, 'Ποιος έφαγε το φεγγάρι;', fallback.body.text])
    const idle = await elsewhere.get(`/api/chatbot/conversations/${asked.body.conversation_id}/messages`, { 'if-none-match': poll.headers.get('etag')! })
    expect([idle.status, idle.text]).toEqual([304, ''])
    const pdf = await fetch(`${there}/api/chatbot/conversations/${asked.body.conversation_id}/transcript?format=pdf`, { headers: { cookie: [...anna.cookies].map(pair => pair.join('=')).join('; ') } })
    expect(Buffer.from(await pdf.arrayBuffer()).subarray(0, 5).toString('latin1'), 'bytes come through as they are').toBe('%PDF-')

    await anna.post('/api/auth/logout')
    expect((await elsewhere.get('/api/chatbot/faqs')).status).toBe(401)
    const refused = await elsewhere.post('/api/chatbot/messages', '{', { 'content-type': 'application/json' })
    expect(refused.body).toMatchObject({ code: 'NOT_AUTHENTICATED', error: expect.any(String), request_id: expect.any(String) })
  })

  it('does its background work when the scheduler calls, and for nobody else', async () => {
    const env = { DATABASE_URL: await emptyDatabase(), ...secrets }
    const client = createTestClient(await launch(env).ready())
    expect((await client.post('/api/cron/deliver')).status).toBe(401)
    expect((await client.post('/api/cron/deliver', {}, { authorization: 'Bearer something-else-0123456' })).status).toBe(401)
    const { status, body } = await client.post('/api/cron/deliver', {}, { authorization: `Bearer ${secrets.CRON_SECRET}` })
    expect([status, body]).toEqual([200, expect.objectContaining({ delivered: 0 })])
  })

  it.each([
    ['no database', {}, 'Set DATABASE_URL to a PostgreSQL: this host keeps no files'],
    ['no secrets', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }, 'Set AUTH_SECRET and ENCRYPTION_KEY'],
    ['a database that is not there', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x', AUTH_SECRET: secrets.AUTH_SECRET, ENCRYPTION_KEY: secrets.ENCRYPTION_KEY }, 'cannot be reached'],
  ])('with %s answers 503 and says in the log what to set', async (_, env, sentence) => {
    const started = launch(env as Record<string, string>)
    const client = createTestClient(await started.ready())
    const { status, body, headers } = await client.get('/api/health/ready')
    expect([status, body.code]).toEqual([503, 'UNAVAILABLE'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await client.get('/api/health/live')).status).toBe(200)
    await started.stop()
    expect(started.stdout).toContain(sentence)
  })

  it('brings along neither the embedded database nor the sentence encoder, and fits into every host’s limit', () => {
    const files = filesOf(build)
    expect(files.filter(({ path }) => /pglite(?!\.mjs$)|tfjs|model-embeddings|\.wasm$/.test(path) && !/node_modules\/drizzle-orm/.test(path))).toEqual([])
    // AWS and Netlify take 250 MB unpacked, and a cold start reads what is there.
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20).toBeLessThan(40)
  })
})
