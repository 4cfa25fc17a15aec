import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(() => api.reset())

const account = { email: 'Anna.Smith@Example.com', password: 'three olive words', name: 'Anna Smith' }

describe('POST /api/auth/register', () => {
  it('makes a customer who is not signed in yet', async () => {
    const visitor = api.visitor()
    const { status, body } = await visitor.post('/api/auth/register', account)
    expect(status).toBe(201)
    expect(body).toEqual({ user: { id: expect.any(String), email: account.email, name: 'Anna Smith', role: 'customer' } })
    expect((await visitor.get('/api/auth/session')).body).toEqual({ user: null })
  })

  it('keeps the password as a hash only', async () => {
    await api.visitor().post('/api/auth/register', account)
    const [row] = await rowsOf<{ password_hash: string }>(sql`select password_hash from users`)
    expect(row!.password_hash).toMatch(/^scrypt\$32768\$8\$1\$/)
    expect(JSON.stringify(row)).not.toContain(account.password)
  })

  it('cannot be talked into making an admin', async () => {
    const { body } = await api.visitor().post('/api/auth/register', { ...account, role: 'admin' })
    expect(body.user.role).toBe('customer')
  })

  it('refuses a taken e-mail address whatever its case, also of two at the same moment', async () => {
    const answers = await Promise.all([account, { ...account, email: 'ANNA.smith@example.COM' }].map(body => api.visitor().post('/api/auth/register', body)))
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409])
    expect(answers.find(answer => answer.status === 409)!.body.code).toBe('CONFLICT')
  })

  it.each([
    ['a short password', { password: 'short one' }, 'password'],
    ['a password of one letter', { password: 'aaaaaaaaaaaaaaaa' }, 'password'],
    ['the e-mail address as password', { password: account.email }, 'password'],
    ['its name with a number', { password: 'anna.smith1' }, 'password'],
    ['no e-mail address', { email: 'anna' }, 'email'],
    ['no name', { name: '  ' }, 'name'],
  ])('refuses %s and says why', async (_, change, path) => {
    const refused = await api.visitor().post('/api/auth/register', { ...account, ...change })
    expect([refused.status, refused.body.code, refused.body.details[0].path]).toEqual([400, 'VALIDATION_ERROR', path])
    expect(refused.body.error.length).toBeGreaterThan(15)
  })
})

describe('POST /api/auth/login', () => {
  it('gives a marker instead of a token, and the session in an httpOnly cookie', async () => {
    await api.visitor().post('/api/auth/register', account)
    const visitor = api.visitor()
    const { status, body, headers } = await visitor.post('/api/auth/login', { email: 'anna.smith@example.com', password: account.password })
    expect(status).toBe(200)
    expect(body).toEqual({ token: 'cookie', user: { id: expect.any(String), email: account.email, name: 'Anna Smith', role: 'customer' } })
    const cookie = headers.getSetCookie().find(line => line.startsWith('vb_session='))!
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(/Max-Age=(\d+)/i.exec(cookie)![1]).toBe(String(30 * 86_400))
    expect((await visitor.get('/api/auth/session')).body.user).toEqual(body.user)
    const token = visitor.cookies.get('vb_session')!
    expect(JSON.stringify(await rowsOf(sql`select * from sessions`))).not.toContain(token)
  })

  it('says the same for a wrong password and an unknown address', async () => {
    await api.visitor().post('/api/auth/register', account)
    const wrong = await api.visitor().post('/api/auth/login', { email: account.email, password: 'not this one' })
    const unknown = await api.visitor().post('/api/auth/login', { email: 'nobody@example.com', password: 'not this one' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'NOT_AUTHENTICATED'])
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' })
    expect(wrong.headers.getSetCookie()).toEqual([])
  })
})

describe('the session', () => {
  it('is over at once after sign-out, for every copy of the cookie', async () => {
    const anna = await api.customer('Anna')
    const copy = api.visitor()
    copy.cookies.set('vb_session', anna.cookies.get('vb_session')!)
    expect((await copy.get('/api/auth/session')).body.user).not.toBeNull()
    expect((await anna.post('/api/auth/logout')).status).toBe(200)
    expect(anna.cookies.has('vb_session')).toBe(false)
    expect((await copy.get('/api/auth/session')).body).toEqual({ user: null })
    expect((await copy.get('/api/chatbot/conversations')).status).toBe(401)
    expect((await anna.post('/api/auth/logout')).status).toBe(200)
  })

  it.each(['', 'x', 'A'.repeat(43), '../../etc/passwd', 'ü'.repeat(43)])('is nobody’s with a forged token %j', async (token) => {
    const forger = api.visitor()
    forger.cookies.set('vb_session', encodeURIComponent(token))
    const refused = await forger.get('/api/chatbot/conversations')
    expect([refused.status, refused.body.code]).toEqual([401, 'NOT_AUTHENTICATED'])
  })

  it('ends when it expires, and slides while it is used', async () => {
    const anna = await api.customer('Anna')
    await rowsOf(sql`update sessions set last_seen_at = now() - interval '2 days', expires_at = now() + interval '1 day'`)
    const used = await anna.get('/api/auth/session')
    expect(used.headers.getSetCookie()[0]).toMatch(/^vb_session=/)
    const [row] = await rowsOf<{ days: number }>(sql`select extract(epoch from expires_at - now())::float / 86400 as days from sessions`)
    expect(row!.days).toBeGreaterThan(29.9)
    await rowsOf(sql`update sessions set expires_at = now() - interval '1 second'`)
    expect((await anna.get('/api/auth/session')).body).toEqual({ user: null })
  })

  it('goes on where it cannot be prolonged because the disk is full', async () => {
    const anna = await api.customer('Anna')
    await rowsOf(sql`update sessions set last_seen_at = now() - interval '2 hours'`)
    await rowsOf(sql`create function disk_is_full() returns trigger language plpgsql as $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`)
    await rowsOf(sql`create trigger disk_is_full before update on sessions for each row execute function disk_is_full()`)
    try {
      const read = await anna.get('/api/auth/session')
      expect([read.status, read.body.user?.name, read.headers.getSetCookie()]).toEqual([200, 'Anna', []])
    }
    finally {
      await rowsOf(sql`drop function disk_is_full cascade`)
    }
    expect((await anna.get('/api/auth/session')).headers.getSetCookie()[0]).toMatch(/^vb_session=/)
  })

  it('ends with a disabled user', async () => {
    const anna = await api.customer('Anna')
    await rowsOf(sql`update users set disabled_at = now()`)
    expect((await anna.get('/api/auth/session')).body).toEqual({ user: null })
    expect((await anna.post('/api/auth/login', { email: anna.user.email, password: PASSWORD })).status).toBe(401)
  })

  it('refuses sign-in, sign-out and registration from another site', async () => {
    for (const path of ['login', 'logout', 'register', 'password']) {
      const crossed = await (await api.customer()).post(`/api/auth/${path}`, { ...account }, { origin: 'https://evil.example' })
      expect([path, crossed.status]).toEqual([path, 403])
    }
  })
})

describe('POST /api/auth/password', () => {
  it('changes it, keeps this session and ends the others', async () => {
    const anna = await api.customer('Anna')
    const phone = api.visitor()
    await phone.post('/api/auth/login', { email: anna.user.email, password: PASSWORD })
    const { status } = await anna.post('/api/auth/password', { current_password: PASSWORD, new_password: 'a newer set of words' })
    expect(status).toBe(200)
    expect((await anna.get('/api/auth/session')).body.user).not.toBeNull()
    expect((await phone.get('/api/auth/session')).body).toEqual({ user: null })
    expect((await api.visitor().post('/api/auth/login', { email: anna.user.email, password: PASSWORD })).status).toBe(401)
    expect((await api.visitor().post('/api/auth/login', { email: anna.user.email, password: 'a newer set of words' })).status).toBe(200)
  })

  it.each([
    ['a wrong current password', { current_password: 'not it at all', new_password: 'a newer set of words' }, 'current_password'],
    ['the same password', { current_password: PASSWORD, new_password: PASSWORD }, 'new_password'],
    ['a short new one', { current_password: PASSWORD, new_password: 'short' }, 'new_password'],
  ])('refuses %s', async (_, body, path) => {
    const anna = await api.customer('Anna')
    const refused = await anna.post('/api/auth/password', body)
    expect([refused.status, refused.body.details[0].path]).toEqual([400, path])
  })

  it('is for whoever is signed in', async () => {
    expect((await api.visitor().post('/api/auth/password', { current_password: 'a', new_password: 'b' })).status).toBe(401)
  })
})
