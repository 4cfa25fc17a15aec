import { cpSync, existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { createAppServer } from '../support/app-server'
import { builtServer, root, Workshop } from '../support/server-process'

const workshop = new Workshop()
afterEach(() => workshop.tidy())

/** A data folder as a first start leaves it, copied for each test that does not need an empty one: 2 s instead of 8. */
const once = new Workshop()
let filled: string
beforeAll(async () => {
  filled = once.folder()
  const server = once.launch({ env: { DATA_DIR: filled } })
  await server.ready()
  await server.stop()
})
afterAll(() => once.tidy())

function filledFolder(): string {
  const folder = workshop.folder()
  cpSync(filled, folder, { recursive: true })
  return folder
}

const signIns = (output: string): Partial<Record<string, { email: string, password: string }>> => Object.fromEntries([...output.matchAll(/^\s*(customer|admin)\s+(\S+@\S+)\s+(\S+)\s*$/gm)].map(([, role, email, password]) => [role, { email: email!, password: password! }]))

describe('a first start on an empty folder', () => {
  it('makes the database, says the address and two sign-ins that work, and keeps no password in the clear', async () => {
    const dataDir = workshop.folder()
    const server = workshop.launch({ env: { DATA_DIR: dataDir } })
    const origin = await server.ready()
    expect((await createTestClient(origin).get('/api/health/live')).status).toBe(200)
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
    await server.waitFor(/admin\s+\S+@\S+\s+\S+/)
    const accounts = signIns(server.output)
    for (const role of ['customer', 'admin'] as const) {
      const client = createTestClient(origin)
      const answer = await client.post('/api/auth/login', accounts[role])
      expect(answer.status, role).toBe(200)
      expect(answer.body.user.role).toBe(role)
    }
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).map(name => join(dataDir, name)).filter(name => statSync(name).isFile())
    expect(files.length).toBeGreaterThan(10)
    await server.stop()
    for (const account of Object.values(accounts)) expect(files.filter(name => existsSync(name) && readFileSync(name).includes(account!.password))).toEqual([])
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o077).toBe(0)
  })

  it('shows the sign-ins once, and finds everything again at the next start', async () => {
    const dataDir = workshop.folder()
    const firstBegun = performance.now()
    const first = workshop.launch({ env: { DATA_DIR: dataDir } })
    let origin = await first.ready()
    const firstTook = performance.now() - firstBegun
    await first.waitFor(/customer\s+\S+@\S+\s+\S+/)
    const { customer } = signIns(first.output)
    const anna = createTestClient(origin)
    await anna.post('/api/auth/login', customer)
    const reply = (await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })).body
    await first.stop()

    const begun = performance.now()
    const second = workshop.launch({ env: { DATA_DIR: dataDir } })
    origin = await second.ready()
    expect(performance.now() - begun, 'a second start makes no database anew').toBeLessThan(firstTook)
    expect(signIns(second.output)).toEqual({})
    const again = createTestClient(origin)
    anna.cookies.forEach((value, name) => again.cookies.set(name, value))
    const { body } = await again.get(`/api/chatbot/conversations/${reply.conversation_id}/messages`)
    expect(body.map((message: { text: string }) => message.text)).toEqual(['What happens if it rains?', reply.text])
  })

  it('writes nothing but JSON lines to the log', async () => {
    const server = workshop.launch({ env: { DATA_DIR: filledFolder(), LOG_LEVEL: 'info' } })
    const origin = await server.ready()
    await createTestClient(origin).get('/api/chatbot/faqs', { 'x-request-id': 'seen-in-the-log' })
    await server.waitFor(/seen-in-the-log/)
    await server.stop()
    const lines = server.stdout.trim().split('\n').map(line => JSON.parse(line))
    expect(lines.find(line => line.request_id === 'seen-in-the-log')).toMatchObject({ level: 'info', method: 'GET', path: '/api/chatbot/faqs', status: 401, time: expect.any(String), duration_ms: expect.any(Number) })
  })
})

describe('a disk that is full under the log and what is said to people', () => {
  it.skipIf(!existsSync('/dev/full'))('ends nothing: the server starts, answers and stops in order', async () => {
    const server = await createAppServer({ entry: builtServer, logFile: '/dev/full', variables: { DATA_DIR: filledFolder(), LOG_LEVEL: 'trace' } })
    try {
      await server.start()
      for (let n = 0; n < 20; n++) expect((await createTestClient(server.origin).get('/api/chatbot/faqs')).status).toBe(401)
      await server.stop()
      expect(server.ending()).toBe(0)
    }
    finally {
      await server.kill()
    }
  })
})

describe('one folder, one process', () => {
  it('refuses a second process with a sentence and exit code 1', async () => {
    const dataDir = filledFolder()
    const first = workshop.launch({ env: { DATA_DIR: dataDir } })
    const origin = await first.ready()
    const { code, output } = await workshop.launch({ env: { DATA_DIR: dataDir } }).ended
    expect(code).toBe(1)
    expect(output).toMatch(new RegExp(`${dataDir} is in use by process ${first.child.pid}.*DATA_DIR`))
    expect(output).not.toMatch(/^\s+at /m)
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
  })

  it('is not blocked by what a killed process left, and loses nothing it had acknowledged', async () => {
    const dataDir = filledFolder()
    const first = workshop.launch({ env: { DATA_DIR: dataDir } })
    const account = { email: 'kept@example.com', password: 'cypress-island-violin', name: 'Kept' }
    expect((await createTestClient(await first.ready()).post('/api/auth/register', account)).status).toBe(201)
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL')
    const second = workshop.launch({ env: { DATA_DIR: dataDir } })
    expect((await createTestClient(await second.ready()).post('/api/auth/login', account)).status).toBe(200)
  })
})

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s finishes the requests under way, closes the database and exits with 0', async (signal) => {
    const dataDir = filledFolder()
    const server = workshop.launch({ env: { DATA_DIR: dataDir, RATE_LIMITS: 'off', LOG_LEVEL: 'info' } })
    const origin = await server.ready()
    const client = createTestClient(origin)
    // Hashing a password takes a while; ten of them are under way when the signal comes.
    const requests = Array.from({ length: 10 }, (_, number) => client.post('/api/auth/register', { email: `under-way-${number}@example.com`, password: 'cypress-island-violin', name: 'Under way' }))
    await Promise.race(requests)
    const ended = server.stop(signal)
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 201))
    expect(await ended).toMatchObject({ code: 0 })
    expect(existsSync(join(dataDir, 'pglite.lock'))).toBe(false)
  })
})

describe('stopping amid the start', () => {
  it('closes the database that is being opened, exits with 0, and the next start works', async () => {
    const dataDir = filledFolder()
    const locked = new Promise<void>((resolve) => {
      const watcher = watch(dataDir, (_, name) => {
        if (name !== 'pglite.lock') return
        watcher.close()
        resolve()
      })
    })
    const first = workshop.launch({ env: { DATA_DIR: dataDir } })
    await locked
    expect(await first.stop('SIGTERM')).toMatchObject({ code: 0 })
    expect(first.output).not.toContain('ready at')
    expect(existsSync(join(dataDir, 'pglite.lock'))).toBe(false)
    const origin = await workshop.launch({ env: { DATA_DIR: dataDir } }).ready()
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
  })
})

describe('a start that cannot be', () => {
  it('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, output } = await workshop.launch({ env: { DATA_DIR: filledFolder(), PORT: String(port) } }).ended
    other.close()
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port} is in use`)
    expect(output).toContain('PORT')
    expect(output).not.toMatch(/^\s+at /m)
  })

  it.each([
    [{ PORT: 'eighty' }, 'PORT must be'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be'],
    [{ DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL must look like'],
    [{ AUTH_SECRET: 'short' }, 'AUTH_SECRET must have'],
    [{ ADMIN_EMAIL: 'admin@example.com' }, 'ADMIN_PASSWORD'],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }, 'AUTH_SECRET'],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'y'.repeat(32) }, 'cannot be reached'],
    [{ DATA_DIR: join(root, 'package.json/is-a-file') }, 'DATA_DIR'],
    [{ HOST: '203.0.113.7' }, 'HOST 203.0.113.7'],
  ])('says what to do about %j', async (env, part) => {
    const { code, output } = await workshop.launch({ env: { DATA_DIR: filledFolder(), ...(env as Record<string, string>) } }).ended
    expect(code, output).toBe(1)
    expect(output).toContain(part)
    expect(output, 'one sentence, no stack').not.toMatch(/^\s+at /m)
  })
})
