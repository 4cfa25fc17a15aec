import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createTestClient, type TestClient, type TestResponse } from '../support/api-client'
import { root, Workshop, type ServerProcess } from '../support/server-process'

const server = process.env.TEST_DATABASE_URL
const secrets = { AUTH_SECRET: 'commands-auth-secret-0123456789ab', ENCRYPTION_KEY: 'commands-encryption-key-0123456789' }
const workshop = new Workshop()
const admin = server ? postgres(server, { max: 1, onnotice: () => {} }) : undefined
const made: string[] = []

async function emptyDatabase(): Promise<string> {
  const name = `vb_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_workers${made.length}`
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

function launch(url: string, env: Record<string, string> = {}, script?: string): ServerProcess {
  return workshop.launch({ script, env: { DATABASE_URL: url, RATE_LIMITS: 'off', LOG_LEVEL: 'info', WORKERS: '2', SENTENCE_ENCODER: 'off', ...secrets, ...env } })
}

interface LogLine { msg: string, of_worker?: number, worker?: number, pid?: number, path?: string }
const logOf = ({ stdout }: ServerProcess): LogLine[] => stdout.split('\n').filter(Boolean).flatMap((line) => {
  try {
    return [JSON.parse(line)]
  }
  catch {
    return []
  }
})
/** The processes that serve now, by the number of the worker. */
const workersOf = (started: ServerProcess) => new Map(logOf(started).filter(({ msg }) => msg === 'Worker serves').map(({ of_worker, pid }) => [of_worker!, pid!]))

/** The log and the sentence about being ready come by two pipes, in any order. */
async function bothWorkersOf(started: ServerProcess): Promise<Map<number, number>> {
  await expect.poll(() => workersOf(started).size).toBe(2)
  return workersOf(started)
}

async function signUp(origin: string, name: string): Promise<TestClient> {
  const client = createTestClient(origin)
  const account = { email: `${name}@example.com`, password: 'cypress-island-violin', name }
  expect((await client.post('/api/auth/register', account)).status).toBe(201)
  expect((await client.post('/api/auth/login', account)).status).toBe(200)
  return client
}

/** As the widget does it: the same send again until somebody answers. */
async function sendUntilAnswered(client: TestClient, send: { message_text: string, client_message_id: string }): Promise<TestResponse> {
  for (let tries = 0; ; tries++) {
    const answer = await client.post('/api/chatbot/messages', send).catch(() => null)
    if (answer && answer.status < 500) return answer
    if (tries > 200) throw new Error(`No answer to ${send.client_message_id}: ${answer?.text}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

describe.skipIf(!server)('WORKERS=2', () => {
  it('is said once when both serve, both take requests, and SIGTERM finishes what is under way', async () => {
    const started = launch(await emptyDatabase())
    const origin = await started.ready()
    expect(started.stderr.match(/ready at/g)).toHaveLength(1)
    expect(started.stderr).toContain('(PostgreSQL, 2 workers)')
    expect((await createTestClient(origin).get('/api/health/ready')).status).toBe(200)
    // Connections are handed to the workers in turn: both show in the log.
    await Promise.all(Array.from({ length: 20 }, () => createTestClient(origin).get('/api/chatbot/faqs', { connection: 'close' })))
    await expect.poll(() => new Set(logOf(started).filter(({ path }) => path === '/api/chatbot/faqs').map(({ worker }) => worker))).toEqual(new Set([1, 2]))

    const client = createTestClient(origin)
    const requests = Array.from({ length: 10 }, (_, number) => client.post('/api/auth/register', { email: `under-way-${number}@example.com`, password: 'cypress-island-violin', name: 'Under way' }))
    await Promise.race(requests)
    const ended = started.stop('SIGTERM')
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 201))
    expect(await ended).toMatchObject({ code: 0 })
    expect(started.stderr.match(/Stopping/g)).toHaveLength(1)
  })

  it('adds up the metrics of both', async () => {
    const started = launch(await emptyDatabase(), { METRICS_TOKEN: 'metrics-token-0123456789' })
    const origin = await started.ready()
    const clients = await Promise.all(Array.from({ length: 6 }, (_, number) => signUp(origin, `counted-${number}`)))
    await Promise.all(clients.map(client => client.post('/api/chatbot/messages', { message_text: 'Is the moon made of cheese?' }, { connection: 'close' })))
    const { status, text, headers } = await createTestClient(origin).get('/api/metrics', { authorization: 'Bearer metrics-token-0123456789' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toContain('vasiliasbot_workers 2')
    expect(text).toContain('vasiliasbot_replies_total{source="fallback"} 6')
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
    expect(text).not.toMatch(/ (?:null|undefined)$/m)
  })

  it('a worker that is killed under load loses nothing and doubles nothing, and another takes its place', async () => {
    const started = launch(await emptyDatabase())
    const origin = await started.ready()
    const before = await bothWorkersOf(started)
    const clients = await Promise.all(Array.from({ length: 6 }, (_, number) => signUp(origin, `loaded-${number}`)))
    const questions = ['What happens if it rains?', 'Is the moon made of cheese, and who ate it?']
    let kill: (() => void) | undefined = () => {
      kill = undefined
      process.kill(before.get(1)!, 'SIGKILL')
    }
    const conversations = await Promise.all(clients.map(async (client) => {
      const sends = Array.from({ length: 20 }, (_, number) => ({ message_text: `${questions[number % 2]}`, client_message_id: randomUUID() }))
      let conversation = ''
      for (const [number, send] of sends.entries()) {
        // Others are in the middle of a request now.
        if (number === 8) kill?.()
        const { status, body } = await sendUntilAnswered(client, send)
        expect(status).toBe(200)
        conversation = body.conversation_id
      }
      return { client, conversation, sends }
    }))
    for (const { client, conversation, sends } of conversations) {
      const stored = (await client.get(`/api/chatbot/conversations/${conversation}/messages?limit=100`)).body as { sender: string, seq: number, client_message_id?: string, reply_to?: string }[]
      expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: sends.length * 2 }, (_, index) => index + 1))
      expect(stored.flatMap(({ client_message_id: id }) => id ?? [])).toEqual(sends.map(send => send.client_message_id))
      expect(new Set(stored.flatMap(({ reply_to: question }) => question ?? [])).size).toBe(sends.length)
    }
    await expect.poll(() => workersOf(started).get(1), { timeout: 30_000 }).not.toBe(before.get(1))
    expect(workersOf(started).get(2)).toBe(before.get(2))
    expect(started.stdout).toContain('A worker ended and is started again')
    expect(await started.stop()).toMatchObject({ code: 0 })
  })

  it('does not outlive its primary', async () => {
    const started = launch(await emptyDatabase())
    const origin = await started.ready()
    const pids = [...(await bothWorkersOf(started)).values()]
    started.child.kill('SIGKILL')
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0)
      }
      catch {
        return false
      }
    }
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
    await expect(fetch(`${origin}/api/health/live`)).rejects.toThrow()
  })

  it('works with npm start', async () => {
    const started = launch(await emptyDatabase(), {}, join(root, 'scripts/start.mjs'))
    const origin = await started.ready()
    expect(started.stdout.match(/Starting the server/g)).toHaveLength(1)
    expect((await bothWorkersOf(started)).size).toBe(2)
    expect((await createTestClient(origin).get('/')).status).toBe(200)
    process.kill(started.child.pid!, 'SIGINT')
    expect(await started.ended).toMatchObject({ code: 0 })
  })

  it('gives up with a sentence when no worker can be started any more', async () => {
    const url = await emptyDatabase()
    const started = launch(url)
    await started.ready()
    const name = new URL(url).pathname.slice(1)
    await admin!.unsafe(`alter database ${name} with allow_connections false`)
    await admin!.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
    for (const pid of (await bothWorkersOf(started)).values()) process.kill(pid, 'SIGKILL')
    const { code, output } = await started.ended
    expect(code).toBe(1)
    expect(output).toContain('no worker serves any more')
  })
})

it('is refused on the embedded database, and where the port is taken, in a sentence', async () => {
  const { code, output } = await workshop.launch({ env: { WORKERS: '2' } }).ended
  expect(code).toBe(1)
  expect(output).toContain('WORKERS needs DATABASE_URL')
  expect(output, 'one sentence, no stack').not.toMatch(/^\s+at /m)
})

it.skipIf(!server)('ends with the sentence of the worker that cannot start', async () => {
  const { code, output } = await launch('postgres://nobody@127.0.0.1:1/x').ended
  expect(code).toBe(1)
  expect(output).toContain('cannot be reached')
  expect(output.match(/cannot start/g)).toHaveLength(1)
  expect(output, 'one sentence, no stack').not.toMatch(/^\s+at /m)
})
