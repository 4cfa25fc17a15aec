import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { PASSWORD, startApi, type ApiHarness, type SignedInClient } from '../../support/api'

const AGENTS = {
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  tablet: 'Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1',
}

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
})

async function elsewhere(agent: string, account = anna) {
  const client = api.visitor()
  expect((await client.post('/api/auth/login', { email: account.user.email, password: PASSWORD }, { 'user-agent': agent })).status).toBe(200)
  return client
}
const listed = async (client = anna) => (await client.get('/api/account/sessions')).body.items as { id: string, device: Record<string, string>, current: boolean, last_seen_at: string }[]
const isIn = async (client: { get: SignedInClient['get'] }) => (await client.get('/api/auth/session')).body.user !== null

describe('GET /api/account/sessions', () => {
  it('names each device by its user agent, the one used last first, and marks the one that asks', async () => {
    await rowsOf(sql`update sessions set last_seen_at = now() - interval '2 hours', user_agent = null`)
    const phone = await elsewhere(AGENTS.iphone)
    await rowsOf(sql`update sessions set last_seen_at = now() - interval '20 minutes' where user_agent is not null`)
    await elsewhere(AGENTS.edge)
    const items = await listed(phone as SignedInClient)
    expect(items.map(({ device, current }) => ({ ...device, current }))).toEqual([
      { browser: 'Microsoft Edge', system: 'Windows', kind: 'computer', current: false },
      { browser: 'Safari', system: 'iOS', kind: 'phone', current: true },
      { browser: null, system: null, kind: 'unknown', current: false },
    ])
    expect(items[0]).toEqual({ id: expect.any(String), device: expect.any(Object), current: false, signed_in_at: expect.stringMatching(/Z$/), last_seen_at: expect.stringMatching(/Z$/), expires_at: expect.stringMatching(/Z$/) })
  })

  it('shows neither sessions that are over nor anybody else’s, and nothing to sign in with', async () => {
    const bob = await api.customer('Bob')
    await elsewhere(AGENTS.tablet)
    await rowsOf(sql`update sessions set expires_at = now() - interval '1 second' where user_agent = ${AGENTS.tablet}`)
    const { text, headers } = await anna.get('/api/account/sessions')
    expect((await listed()).length).toBe(1)
    expect((await listed(bob)).length).toBe(1)
    expect(headers.get('cache-control')).toBe('no-store')
    const hashes = await rowsOf<{ token_hash: string }>(sql`select token_hash from sessions`)
    for (const secret of [anna.cookies.get('vb_session')!, ...hashes.map(row => row.token_hash)]) expect(text).not.toContain(secret)
  })

  it('takes any user agent for what it is: text', async () => {
    for (const agent of ['<script>alert(1)</script>/1 x', `${'Z'.repeat(5000)}/1 x`, 'curl/8.5']) await elsewhere(agent)
    for (const { device } of await listed()) expect((device.browser ?? '').length).toBeLessThanOrEqual(60)
  })
})

describe('ending sessions', () => {
  it('ends one at once and leaves the others', async () => {
    const phone = await elsewhere(AGENTS.iphone)
    const desk = await elsewhere(AGENTS.edge)
    const { id } = (await listed()).find(item => item.device.kind === 'phone')!
    expect((await anna.delete(`/api/account/sessions/${id}`)).status).toBe(204)
    expect([await isIn(phone), await isIn(desk), await isIn(anna)]).toEqual([false, true, true])
    expect((await phone.get('/api/chatbot/conversations')).status).toBe(401)
    expect((await anna.delete(`/api/account/sessions/${id}`)).status).toBe(404)
  })

  it('never ends somebody else’s: theirs and an unknown one cannot be told apart', async () => {
    const bob = await api.customer('Bob')
    const { id } = (await listed(bob))[0]!
    const foreign = await anna.delete(`/api/account/sessions/${id}`)
    const unknown = await anna.delete(`/api/account/sessions/${randomUUID()}`)
    expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND'])
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' })
    expect((await anna.delete('/api/account/sessions/not-an-id')).status).toBe(404)
    expect(await isIn(bob)).toBe(true)
  })

  it('ends them everywhere, here too, and nobody else’s', async () => {
    const bob = await api.customer('Bob')
    const phone = await elsewhere(AGENTS.iphone)
    await elsewhere(AGENTS.edge)
    await rowsOf(sql`update sessions set expires_at = now() - interval '1 second' where user_agent = ${AGENTS.edge}`)
    const everywhere = await anna.delete('/api/account/sessions')
    expect([everywhere.status, everywhere.body]).toEqual([200, { ended: 2 }])
    expect(anna.cookies.has('vb_session')).toBe(false)
    expect([await isIn(phone), await isIn(anna), await isIn(bob)]).toEqual([false, false, true])
  })

  it('is refused to strangers and to other sites', async () => {
    const { id } = (await listed())[0]!
    for (const [method, path] of [['GET', ''], ['DELETE', ''], ['DELETE', `/${id}`]] as const) {
      expect((await api.visitor().request(method, `/api/account/sessions${path}`)).status).toBe(401)
    }
    for (const path of ['', `/${id}`]) {
      expect((await anna.delete(`/api/account/sessions${path}`, undefined, { origin: 'https://evil.example' })).status).toBe(403)
    }
    expect(await isIn(anna)).toBe(true)
  })
})

describe('a sign-in that a changed password or a disabled account overtakes', () => {
  it('opens no session with what no longer counts', async () => {
    // All at once: whichever comes first, no session of the old password is left when all have been answered.
    const [changed, ...others] = await Promise.all([
      anna.post('/api/auth/password', { current_password: PASSWORD, new_password: 'a newer set of words' }),
      ...Array.from({ length: 4 }, () => api.visitor().post('/api/auth/login', { email: anna.user.email, password: PASSWORD })),
    ])
    expect(changed.status).toBe(200)
    for (const { status } of others) expect([200, 401]).toContain(status)
    expect(await listed()).toHaveLength(1)
  })

  it('of two changes of the password at once only one counts', async () => {
    const phone = await elsewhere(AGENTS.iphone)
    const answers = await Promise.all([anna, phone].map((client, i) => client.post('/api/auth/password', { current_password: PASSWORD, new_password: `a newer set of words ${i}` })))
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
  })
})
