import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { env, setEnv } from '#server/core/env'
import { rowsOf } from '#server/db/client'
import { findWait, returnTry, takeTry } from '#server/db/sign-in-delays'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
let email: string
beforeAll(async () => {
  api = await startApi({ variables: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } })
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  email = (await api.customer('Anna')).user.email
})

const signIn = (from: string, password = 'a guess', account = email, client = api.visitor()) =>
  client.post('/api/auth/login', { email: account, password }, { 'x-forwarded-for': `6.6.6.6, ${from}` })
/** What all counts would be so many seconds from now, without waiting for it. */
const timePasses = (seconds: number) => rowsOf(sql`update sign_in_delays set wait_until = wait_until - make_interval(secs => ${seconds}), expires_at = expires_at - make_interval(secs => ${seconds})`)
const retryAfter = (answer: { headers: Headers }) => Number(answer.headers.get('retry-after'))

describe('guessing at one account from one place', () => {
  it('has to wait, twice as long each time, up to a quarter of an hour', async () => {
    for (let i = 0; i < 5; i++) expect((await signIn('198.51.100.7')).status).toBe(401)
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      expect((await signIn('198.51.100.7')).status).toBe(401)
      const refused = await signIn('198.51.100.7', PASSWORD)
      expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
      waits.push(retryAfter(refused))
      await timePasses(retryAfter(refused))
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900])
  })

  it('is over for its owner as soon as the time named is', async () => {
    for (let i = 0; i < 6; i++) await signIn('198.51.100.7')
    const refused = await signIn('198.51.100.7', PASSWORD)
    expect(refused.body.error).toContain(`${retryAfter(refused)} seconds`)
    await timePasses(retryAfter(refused) - 1)
    expect((await signIn('198.51.100.7', PASSWORD)).status).toBe(429)
    await timePasses(1)
    expect((await signIn('198.51.100.7', PASSWORD)).status).toBe(200)
    // And nothing of it is left: five more mistakes are free.
    for (let i = 0; i < 5; i++) expect((await signIn('198.51.100.7')).status).toBe(401)
    expect((await signIn('198.51.100.7', PASSWORD)).status).toBe(200)
  })

  it('does not keep out its owner elsewhere', async () => {
    for (let i = 0; i < 7; i++) await signIn('198.51.100.7')
    expect((await signIn('203.0.113.9', PASSWORD)).status).toBe(200)
  })

  it('by many requests at once gets no further than one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn('198.51.100.7')))
    expect(answers.filter(answer => answer.status === 401)).toHaveLength(6)
    for (const answer of answers.filter(answer => answer.status !== 401)) {
      expect(answer.status).toBe(429)
      expect(retryAfter(answer)).toBeGreaterThan(0)
    }
  })

  it('is forgotten after a day', async () => {
    for (let i = 0; i < 9; i++) {
      await signIn('198.51.100.7')
      await timePasses(900)
    }
    await timePasses(24 * 60 * 60)
    for (let i = 0; i < 5; i++) expect((await signIn('198.51.100.7')).status).toBe(401)
    expect((await signIn('198.51.100.7', PASSWORD)).status).toBe(200)
  })

  it('tells nothing about whether there is such an account', async () => {
    for (const account of [email, 'nobody@example.com']) {
      for (let i = 0; i < 6; i++) expect((await signIn('198.51.100.7', 'a guess', account)).status).toBe(401)
    }
    const [known, unknown] = [await signIn('198.51.100.7', PASSWORD), await signIn('198.51.100.7', PASSWORD, 'nobody@example.com')]
    expect([known.status, unknown.status]).toEqual([429, 429])
    const words = (answer: typeof known) => answer.body.error.replace(/\d+/, 'n')
    expect(words(known)).toBe(words(unknown))
  })
})

describe('guessing from many places', () => {
  it('has to wait too, never longer than a minute, and not where the owner has signed in before', async () => {
    const browser = api.visitor()
    expect((await signIn('203.0.113.9', PASSWORD, email, browser)).status).toBe(200)
    browser.cookies.delete('vb_session')
    for (let i = 0; i < 31; i++) expect((await signIn(`198.51.100.${i}`)).status).toBe(401)
    for (let i = 0; i < 12; i++) {
      const refused = await signIn('192.0.2.1', PASSWORD)
      expect(refused.status).toBe(429)
      expect(retryAfter(refused)).toBeLessThanOrEqual(60)
      await timePasses(retryAfter(refused))
      expect((await signIn(`192.0.2.${i + 10}`)).status).toBe(401)
    }
    expect((await signIn('192.0.2.1', PASSWORD)).status).toBe(429)
    expect((await signIn('192.0.2.1', PASSWORD, email, browser)).status).toBe(200)
  })

  it('a known browser guesses no more than any other', async () => {
    const browser = api.visitor()
    await signIn('203.0.113.9', PASSWORD, email, browser)
    for (let i = 0; i < 6; i++) expect((await signIn(`198.51.100.${i}`, 'a guess', email, browser)).status).toBe(401)
    expect((await signIn('198.51.100.99', PASSWORD, email, browser)).status).toBe(429)
  })

  it('a browser known to one account is a stranger to the others, and its mark cannot be made up', async () => {
    const mallory = await api.customer('Mallory')
    const browser = api.visitor()
    await signIn('203.0.113.9', PASSWORD, mallory.user.email, browser)
    for (const forged of [browser.cookies.get('vb_device')!, 'a.b', '.', '%00', 'x'.repeat(4000)]) {
      await api.reset()
      email = (await api.customer('Anna')).user.email
      browser.cookies.set('vb_device', forged)
      for (let i = 0; i < 6; i++) await signIn('198.51.100.7', 'a guess', email, browser)
      expect((await signIn('198.51.100.7', PASSWORD, email, browser)).status).toBe(429)
    }
  })
})

describe('one place that tries many accounts', () => {
  it('has to wait, and an IPv6 network is one place', async () => {
    const place = (i: number) => `2001:db8:7:7:${i.toString(16)}::${i.toString(16)}`
    for (let i = 0; i < 41; i++) expect((await signIn(place(i), 'a guess', `nobody-${i}@example.com`)).status).toBe(401)
    const refused = await signIn(place(99), PASSWORD)
    expect([refused.status, retryAfter(refused)]).toEqual([429, 5])
    expect((await signIn('2001:db8:7:8::1', PASSWORD)).status).toBe(200)
  })

  it('gains nothing by signing in to an account of its own in between', async () => {
    const own = (await api.customer('Mallory')).user.email
    for (let i = 0; i < 41; i++) {
      await signIn('198.51.100.7', 'a guess', `nobody-${i}@example.com`)
      if (i < 40) expect((await signIn('198.51.100.7', PASSWORD, own)).status).toBe(200)
    }
    expect((await signIn('198.51.100.7', PASSWORD, own)).status).toBe(429)
  })

  it('does not believe an address that the caller wrote itself', async () => {
    const claim = (claimed: string) => api.visitor().post('/api/auth/login', { email, password: 'guess' }, { 'x-forwarded-for': `${claimed}, 198.51.100.8` })
    for (let i = 0; i < 6; i++) await claim(`10.0.0.${i}`)
    expect((await claim('10.0.0.99')).status).toBe(429)
  })
})

it('does not count sign-ins that succeed', async () => {
  for (let i = 0; i < 12; i++) expect((await signIn('192.0.2.1', PASSWORD)).status).toBe(200)
})

it('lets a sign-in through that began before another one of its address had succeeded', async () => {
  const rule = { free: 5, first: 15, longest: 900, forget: 3_600 }
  expect(await takeTry('address', rule)).toBe(true)
  await returnTry('address')
  expect(await findWait(['address'])).toBeNull()
  expect(await takeTry('address', rule)).toBe(true)
})

it('keeps neither addresses nor e-mails, and removes what is over', async () => {
  await signIn('198.51.100.7')
  const kept = JSON.stringify(await rowsOf(sql`select * from sign_in_delays`))
  for (const known of [email, '198.51.100.7']) expect(kept).not.toContain(known)
})

it('counts nothing with RATE_LIMITS=off', async () => {
  const before = env()
  setEnv({ ...before, RATE_LIMITS: 'off' })
  for (let i = 0; i < 8; i++) expect((await signIn('198.51.100.7')).status).toBe(401)
  setEnv(before)
  expect(await rowsOf(sql`select * from sign_in_delays`)).toEqual([])
})
