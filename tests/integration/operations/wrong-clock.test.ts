import { sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { rowsOf } from '#server/db/client'
import { putAccountToken } from '#server/db/account-tokens'
import { removeExpired } from '#server/services/accounts/remove-expired'
import { hashToken } from '#server/services/accounts/sessions'
import { keepRetention } from '#server/services/privacy/retention'
import { PASSWORD, startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'

const DAY_MS = 86_400_000

/* The embedded database has no clock but the process's own, so this is PostgreSQL's. */
describe.runIf(process.env.TEST_DB === 'postgres').each([['45 days ahead', 45 * DAY_MS], ['45 days behind', -45 * DAY_MS]])('a server whose clock is %s', (_, off) => {
  let api: ApiHarness
  let anna: SignedInClient
  beforeAll(async () => {
    api = await startApi({ variables: { RATE_LIMITS: 'on' } })
  })
  afterAll(() => api.close())
  beforeEach(async () => {
    await api.reset()
    anna = await api.customer('Anna')
  })
  afterEach(() => void vi.useRealTimers())
  /** Only the time of day: timers and performance.now() go on, as they do on a machine whose clock is set. */
  const jump = () => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + off })
  const ask = (text: string) => anna.post('/api/chatbot/messages', { message_text: text })

  it('knows who is signed in, and removes nobody’s session', async () => {
    jump()
    await removeExpired()
    expect((await anna.get('/api/auth/session')).body.user).toMatchObject({ name: 'Anna' })
    expect((await anna.get('/api/account/sessions')).body.items).toHaveLength(1)
    const [before] = await rowsOf<{ days: number }>(sql`select extract(epoch from expires_at - now())::float8 / 86400 as days from sessions`)
    expect(before!.days).toBeCloseTo(30, 1)
  })

  it('signs in for thirty days, by a cookie that says how long and not until when', async () => {
    jump()
    const visitor = api.visitor()
    const { headers } = await visitor.post('/api/auth/login', { email: anna.user.email, password: PASSWORD })
    expect(headers.getSetCookie().find(line => line.startsWith('vb_session='))).toMatch(/Max-Age=2592000(?!.*Expires)/i)
    expect((await visitor.get('/api/auth/session')).body.user).toMatchObject({ name: 'Anna' })
    const rows = await rowsOf<{ days: number }>(sql`select extract(epoch from expires_at - now())::float8 / 86400 as days from sessions`)
    for (const { days } of rows) expect(days).toBeCloseTo(30, 1)
  })

  it('lets nobody wait longer for having mistyped a password while it was wrong', async () => {
    jump()
    const visitor = api.visitor()
    const mistype = () => visitor.post('/api/auth/login', { email: anna.user.email, password: 'not the password at all' })
    for (let n = 0; n < 6; n++) expect((await mistype()).status).toBe(401)
    const refused = await mistype()
    expect([refused.status, Number(refused.headers.get('retry-after')) <= 15]).toEqual([429, true])
    vi.useRealTimers()
    const again = await mistype()
    expect([again.status, Number(again.headers.get('retry-after')) <= 15]).toEqual([429, true])
  })

  it('writes the database’s time beside messages, answers a repeat at once, and keeps the order', async () => {
    jump()
    const sent = Date.now() - off
    const said = [await ask('What happens if it rains?'), await ask(unknownQuestion())]
    for (const { body } of said) expect(Math.abs(Date.parse(body.timestamp) - sent)).toBeLessThan(60_000)
    const { body: history } = await anna.get(`/api/chatbot/conversations/${said[0]!.body.conversation_id}/messages`)
    expect(history.map((message: { seq: number }) => message.seq)).toEqual([1, 2, 3, 4])
    for (const { timestamp } of history) expect(Math.abs(Date.parse(timestamp) - sent)).toBeLessThan(60_000)
    expect(history[1]).toMatchObject({ id: said[0]!.body.id, timestamp: said[0]!.body.timestamp })
    const [due] = await rowsOf<{ minutes: number }>(sql`select extract(epoch from due_at - now())::float8 / 60 as minutes from unanswered_questions`)
    expect(Math.abs(due!.minutes)).toBeLessThan(11)
  })

  it('lists conversations in the order in which they were begun, whatever their ids say', async () => {
    const earlier = v7({ msecs: Date.now() + off })
    await rowsOf(sql`insert into conversations (id, customer_id, status, started_at) values (${earlier}::uuid, ${anna.user.id}::uuid, 'closed', now() - interval '1 hour')`)
    const { body } = await ask('What happens if it rains?')
    await anna.post(`/api/chatbot/conversations/${body.conversation_id}/close`)
    const listed = (await anna.get('/api/chatbot/conversations?status=closed')).body as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual([body.conversation_id, earlier])
  })

  it('deletes no conversation that is not old', async () => {
    await ask('What happens if it rains?')
    await configure({ retentionDays: 30 })
    jump()
    await ask('What happens if it rains?')
    expect(await keepRetention()).toEqual({ deleted: 0, more: false })
    vi.useRealTimers()
    expect(await keepRetention()).toEqual({ deleted: 0, more: false })
    await configure({ retentionDays: null })
  })

  it('takes a link for a new password for the half hour that it is good for', async () => {
    const link = (token: string, lifeMs: number) => putAccountToken({ userId: anna.user.id, purpose: 'password_reset', tokenHash: hashToken(token), email: anna.user.email, lifeMs })
    const confirm = (token: string) => api.visitor().post('/api/auth/password-reset/confirm', { token, new_password: 'a newer set of words' })
    const [over, good] = ['o'.repeat(43), 'g'.repeat(43)]
    jump()
    await link(over, -1_000)
    expect((await confirm(over)).status).toBe(400)
    await link(good, 30 * 60_000)
    await removeExpired()
    expect((await confirm(good)).status).toBe(200)
  })
})
