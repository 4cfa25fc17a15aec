import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { database, inTransaction, rowsOf } from '#server/db/client'
import { endSession, findVerified } from '#server/services/accounts/sessions'
import { keptPulse } from '#server/services/conversations/current-pulse'
import { changeWatch } from '#server/services/watch/change-watch'
import { answerIdlePoll, lookUpIdlePoll } from '#server/utils/message-poll'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await changeWatch.stop()
  await api.reset()
  anna = await api.customer('Anna')
  await changeWatch.start(database().openFeed)
  await vi.waitFor(async () => {
    await changeWatch.tick()
    expect(changeWatch.health.trusted(performance.now())).toBe(true)
  })
})

const ask = async (client: SignedInClient, message_text = 'How much does it cost?') => (await client.post('/api/chatbot/messages', { message_text })).body
const path = (id: string) => `/api/chatbot/conversations/${id}/messages?after=2`
const poll = (client: SignedInClient, id: string, etag = '') => client.get(path(id), etag ? { 'if-none-match': etag } : {})
const tokenOf = (client: SignedInClient) => client.cookies.get('vb_session')!
/** As another server, or a person at psql, would: nothing in this process knows of it. */
const elsewhere = (statement: ReturnType<typeof sql>) => rowsOf(statement)

/** Somebody whose next poll memory can answer. */
async function settled() {
  const { conversation_id: id } = await ask(anna)
  const etag = (await poll(anna, id)).headers.get('etag')!
  // The notification of the question itself is on its way back; after it the poll is kept for good.
  await vi.waitFor(async () => {
    await poll(anna, id, etag)
    expect(keptPulse(anna.user.id, id)).toBeDefined()
  })
  return { id, etag }
}

describe('An idle poll', () => {
  it('asks the database nothing', async () => {
    const { id, etag } = await settled()
    const asked = vi.spyOn(database().db, 'execute')
    const prepared = database().runPrepared ? vi.spyOn(database() as Required<ReturnType<typeof database>>, 'runPrepared') : null
    expect((await poll(anna, id, etag)).status).toBe(304)
    expect([asked.mock.calls.length, prepared?.mock.calls.length ?? 0]).toEqual([0, 0])
    vi.restoreAllMocks()
  })

  it('brings what this server wrote, at once, every time', async () => {
    const { id } = await settled()
    let { etag } = await settled()
    for (let n = 0; n < 10; n++) {
      await ask(anna, `How much does it cost? ${n}`)
      const next = await poll(anna, id, etag)
      expect(next.status).toBe(200)
      etag = next.headers.get('etag')!
      await poll(anna, id, etag)
    }
  })

  it('brings what was written behind this server’s back, without being asked to look', async () => {
    const { id, etag } = await settled()
    await elsewhere(sql`update conversations set version = version + 1 where id = ${id}::uuid`)
    await vi.waitFor(async () => expect((await poll(anna, id, etag)).status).toBe(200))
  })

  it('brings nothing of a change that was taken back', async () => {
    const { id, etag } = await settled()
    await inTransaction(async () => {
      await elsewhere(sql`update conversations set version = version + 1 where id = ${id}::uuid`)
      throw new Error('taken back')
    }).catch(() => {})
    expect((await poll(anna, id, etag)).status).toBe(304)
  })

  it('is nobody else’s', async () => {
    const { id, etag } = await settled()
    const bella = await api.customer('Bella')
    expect((await poll(bella, id, etag)).status).toBe(404)
    expect((await api.visitor().get(path(id), { 'if-none-match': etag })).status).toBe(401)
  })

  it('is over with the conversations', async () => {
    const { id, etag } = await settled()
    await elsewhere(sql`delete from conversations where id = ${id}::uuid`)
    await vi.waitFor(async () => expect((await poll(anna, id, etag)).status).toBe(404))
  })
})

describe('A session', () => {
  it('is over on this server with the very call that ends it', async () => {
    const { id, etag } = await settled()
    expect(findVerified(tokenOf(anna))).toMatchObject({ id: anna.user.id })
    await endSession(tokenOf(anna))
    expect(findVerified(tokenOf(anna))).toBeUndefined()
    expect((await poll(anna, id, etag)).status).toBe(401)
  })

  it.each([
    ['ended', sql`delete from sessions`],
    ['disabled', sql`update users set disabled_at = now()`],
    ['run out', sql`update sessions set expires_at = now()`],
  ])('that another server has %s is refused here too', async (_, statement) => {
    const { id, etag } = await settled()
    await elsewhere(statement)
    await vi.waitFor(async () => expect((await poll(anna, id, etag)).status).toBe(401))
  })

  it('shows a changed role at the next request', async () => {
    await settled()
    expect((await anna.get('/api/admin/users')).status).toBe(403)
    await elsewhere(sql`update users set role = 'admin'`)
    await vi.waitFor(async () => expect((await anna.get('/api/admin/users')).status).toBe(200))
  })
})

describe('The poll ahead of the routes', () => {
  /** What it sends, and whether it answered at all. */
  async function ahead(url: string, headers: Record<string, string>, answer: typeof answerIdlePoll | typeof lookUpIdlePoll = answerIdlePoll) {
    let answered = false
    const server = createServer(async (req, res) => {
      answered = await answer(req, res, {})
      if (!answered) res.writeHead(599).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${url}`, { headers })
    await response.arrayBuffer()
    await new Promise(resolve => server.close(resolve).closeAllConnections())
    return { answered, status: response.status, headers: response.headers }
  }
  const own = (headers: Headers) => [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))

  it('sends what the route sends, header for header', async () => {
    const { id, etag } = await settled()
    const headers = { 'cookie': `vb_session=${tokenOf(anna)}`, 'if-none-match': etag, 'x-request-id': 'the-same' }
    const [route, first] = [await anna.get(path(id), headers), await ahead(path(id), headers)]
    expect([first.answered, first.status, own(first.headers)]).toEqual([true, route.status, own(route.headers)])
  })

  /** What is no idle poll of Anna's, in one way or another. */
  const notIdle = (id: string, etag: string): [string, Record<string, string>][] => {
    const headers = { 'cookie': `vb_session=${tokenOf(anna)}`, 'if-none-match': etag }
    return [
      [path(id), { ...headers, 'if-none-match': '"v0-2-100"' }],
      [path(id), { cookie: headers.cookie }],
      [path(id), { 'if-none-match': etag }],
      [path(id), { ...headers, cookie: `vb_session=${'x'.repeat(43)}` }],
      [path(id.toUpperCase()), headers],
      [path('not-an-id'), headers],
      [`${path(id)}&limit=0`, headers],
      [`${path(id)}&before=9`, headers],
      [`/api/chatbot/conversations/${id}/messages?after=2.0`, headers],
      ['/api/chatbot/config', headers],
    ]
  }

  it('leaves everything else to the route', async () => {
    const { id, etag } = await settled()
    for (const [url, given] of notIdle(id, etag)) expect([url, (await ahead(url, given)).answered]).toEqual([url, false])
    await changeWatch.stop()
    expect((await ahead(path(id), { 'cookie': `vb_session=${tokenOf(anna)}`, 'if-none-match': etag })).answered).toBe(false)
  })

  it('looks up what memory does not know, and sends the same; everything else it leaves to the route, too', async () => {
    const { id, etag } = await settled()
    const bella = await api.customer('Bella')
    await changeWatch.stop()
    const headers = { 'cookie': `vb_session=${tokenOf(anna)}`, 'if-none-match': etag, 'x-request-id': 'the-same' }
    const [route, first] = [await anna.get(path(id), headers), await ahead(path(id), headers, lookUpIdlePoll)]
    expect([first.answered, first.status, own(first.headers)]).toEqual([true, 304, own(route.headers)])
    for (const [url, given] of notIdle(id, etag)) expect([url, (await ahead(url, given, lookUpIdlePoll)).answered]).toEqual([url, false])
    expect((await ahead(path(id), { ...headers, cookie: `vb_session=${tokenOf(bella)}` }, lookUpIdlePoll)).answered).toBe(false)
    // The session is due to be extended, and the browser to be told: the route's business.
    await elsewhere(sql`update sessions set last_seen_at = last_seen_at - interval '2 hours'`)
    expect((await ahead(path(id), headers, lookUpIdlePoll)).answered).toBe(false)
    expect((await anna.get(path(id), headers)).headers.getSetCookie().join()).toContain('vb_session=')
    expect((await ahead(path(id), headers, lookUpIdlePoll)).answered).toBe(true)
    await elsewhere(sql`delete from sessions`)
    expect((await ahead(path(id), headers, lookUpIdlePoll)).answered).toBe(false)
  })

  it('looks up many at once, each for itself', async () => {
    const { id, etag } = await settled()
    const bella = await api.customer('Bella')
    const hers = (await ask(bella)).conversation_id
    await changeWatch.stop()
    const as = (client: SignedInClient, tag = etag) => ({ 'cookie': `vb_session=${tokenOf(client)}`, 'if-none-match': tag })
    const bellas = (await poll(bella, hers)).headers.get('etag')!
    const asked: [string, Record<string, string>, boolean][] = Array.from({ length: 12 }, () => [
      [path(id), as(anna), true], [path(hers), as(bella, bellas), true], [path(hers), as(anna, bellas), false], [path(id), { ...as(anna), cookie: `vb_session=${'x'.repeat(43)}` }, false],
    ] as [string, Record<string, string>, boolean][]).flat()
    const answers = await Promise.all(asked.map(([url, headers]) => ahead(url, headers, lookUpIdlePoll)))
    expect(answers.map(({ answered }) => answered)).toEqual(asked.map(([, , expected]) => expected))
  })
})

describe.runIf(process.env.TEST_DB === 'postgres')('The listener', () => {
  const kill = () => rowsOf(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'vasiliasbot changes'`)

  it('is taken up again when its connection is cut, and nothing old is given meanwhile', async () => {
    const { id, etag } = await settled()
    await kill()
    await vi.waitFor(() => expect(changeWatch.health.trusted(performance.now())).toBe(false))
    expect(keptPulse(anna.user.id, id)).toBeUndefined()
    await elsewhere(sql`update conversations set version = version + 1 where id = ${id}::uuid`)
    expect((await poll(anna, id, etag)).status).toBe(200)
    await vi.waitFor(async () => {
      await changeWatch.tick()
      expect(changeWatch.health.trusted(performance.now())).toBe(true)
    }, { timeout: 10_000 })
    expect((await poll(anna, id, etag)).status).toBe(200)
  })

  it('asks the database while there is none', async () => {
    const { id, etag } = await settled()
    await changeWatch.stop()
    await changeWatch.start(() => Promise.reject(new Error('refused')))
    expect((await poll(anna, id, etag)).status).toBe(304)
    expect(keptPulse(anna.user.id, id)).toBeUndefined()
    await elsewhere(sql`update conversations set version = version + 1 where id = ${id}::uuid`)
    expect((await poll(anna, id, etag)).status).toBe(200)
  })
})
