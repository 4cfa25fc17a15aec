import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { env, setEnv, type Env } from '#server/core/env'
import { rowsOf } from '#server/db/client'
import { forgetOidcConfiguration } from '#server/services/accounts/oidc/oidc-client'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'
import type { TestClient } from '../../support/api-client'
import { OIDC_CLIENT, startOidcServer, type OidcServer } from '../../support/oidc-server'

const EMAIL = 'anna@example.com'
let api: ApiHarness
let provider: OidcServer
let kept: Env
beforeAll(async () => {
  provider = await startOidcServer()
  api = await startApi({ variables: { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: OIDC_CLIENT.id, OIDC_CLIENT_SECRET: OIDC_CLIENT.secret, OIDC_NAME: 'Example' } })
})
afterAll(async () => {
  await api.close()
  await provider.stop()
})
beforeEach(async () => {
  kept = env()
  await api.reset()
  forgetOidcConfiguration()
  Object.assign(provider, { person: { sub: 'person-1', email: EMAIL, email_verified: true, name: 'Anna Papadaki' }, twist: {}, mood: 'fine', claimsToBe: null, lean: false, exchanges: 0 })
})
afterEach(() => {
  vi.useRealTimers()
  setEnv(kept)
})

/** The browser's way: to the provider, and the address it sends back to. */
async function toProvider(browser: TestClient, redirect?: string) {
  const begun = await browser.get(`/api/auth/oidc/start${redirect === undefined ? '' : `?redirect=${encodeURIComponent(redirect)}`}`)
  expect(begun.status).toBe(302)
  const location = begun.headers.get('location')!
  if (!location.startsWith(provider.issuer)) return { begun, back: '', location }
  const answer = await fetch(location, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location')!)
  expect(back.origin).toBe(api.origin)
  return { begun, location, back: back.pathname + back.search }
}
async function signIn(browser = api.visitor(), redirect?: string) {
  const { back, location } = await toProvider(browser, redirect)
  const done = back ? await browser.get(back) : null
  return { browser, landed: done?.headers.get('location') ?? location, done }
}
const user = async (browser: TestClient) => (await browser.get('/api/auth/session')).body.user
const reasonIn = (location: string) => new URLSearchParams(location.split('?')[1]).get('oidc')
const register = (email = EMAIL) => api.visitor().post('/api/auth/register', { email, password: PASSWORD, name: 'Registered' })
const login = (browser = api.visitor()) => browser.post('/api/auth/login', { email: EMAIL, password: PASSWORD })

describe('signing in through the provider', () => {
  it('makes a customer of somebody new, with a verified address and no password', async () => {
    const { browser, landed, done } = await signIn()
    expect(landed).toBe('/my-plan')
    expect(done!.headers.getSetCookie().find(line => line.startsWith('vb_session='))).toMatch(/HttpOnly.*SameSite=Lax/i)
    expect(await user(browser)).toEqual({ id: expect.any(String), email: EMAIL, name: 'Anna Papadaki', role: 'customer' })
    expect((await browser.get('/api/account/profile')).body).toEqual({ name: 'Anna Papadaki', email: EMAIL, email_verified: true, can_send_links: false, has_password: false, oidc: { name: 'Example' } })
    expect((await login()).status).toBe(401)
  })

  it('sends PKCE, state and nonce, and keeps what must come back sealed in an httpOnly cookie', async () => {
    const { begun, location } = await toProvider(api.visitor())
    const query = new URL(location).searchParams
    expect(Object.fromEntries(query)).toMatchObject({ response_type: 'code', client_id: OIDC_CLIENT.id, scope: 'openid email profile', code_challenge_method: 'S256', redirect_uri: `${api.origin}/api/auth/oidc/callback` })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(query.get(name)!.length).toBeGreaterThan(40)
    const cookie = begun.headers.getSetCookie().find(line => line.startsWith('vb_oidc='))!
    expect(cookie).toMatch(/Max-Age=600.*HttpOnly.*SameSite=Lax/i)
    for (const name of ['state', 'nonce']) expect(cookie).not.toContain(query.get(name)!)
    expect(begun.headers.get('cache-control')).toBe('no-store')
  })

  it('knows somebody again by the subject, whatever their address is now', async () => {
    const first = await user((await signIn()).browser)
    provider.person = { sub: 'person-1', email: 'anna.new@example.com', email_verified: false }
    expect(await user((await signIn()).browser)).toEqual(first)
    expect(await rowsOf(sql`select 1 from users`)).toHaveLength(1)
  })

  it('reads the address from userinfo where the ID token has none', async () => {
    provider.lean = true
    expect((await user((await signIn()).browser)).email).toBe(EMAIL)
  })

  it('goes where one wanted to go, on this site only', async () => {
    expect((await signIn(undefined, '/account?tab=devices')).landed).toBe('/account?tab=devices')
    for (const hostile of ['//evil.example', '/\\evil.example', 'https:evil.example', '/%2f%2fevil.example', 'data:text/html,x', 'javascript:alert(1)', '/\t/evil.example']) {
      expect((await signIn(undefined, hostile)).landed).toBe('/my-plan')
    }
    expect((await api.visitor().get('/api/auth/oidc/start?redirect=/a&redirect=//evil.example')).status).toBe(302)
  })

  it('takes a strange name or none', async () => {
    for (const [i, name] of [undefined, '', ' ', 7, 'x'.repeat(500), '\u0000\u202E', '<script>'].entries()) {
      provider.person = { sub: `person-${i}`, email: `p${i}@example.com`, email_verified: true, name }
      expect((await user((await signIn()).browser)).name.length).toBeGreaterThan(0)
    }
  })

  it('of two tabs at once makes one account', async () => {
    const browsers = [api.visitor(), api.visitor(), api.visitor()]
    const ways = await Promise.all(browsers.map(browser => toProvider(browser)))
    await Promise.all(browsers.map((browser, i) => browser.get(ways[i]!.back)))
    const ids = new Set((await Promise.all(browsers.map(user))).map(one => one?.id))
    expect(ids.size).toBe(1)
    expect([...ids]).not.toContain(undefined)
  })
})

describe('an account that is there already', () => {
  it('whose address was verified is linked, and its password goes on working', async () => {
    await register()
    await rowsOf(sql`update users set email_verified_at = now()`)
    const signedIn = api.visitor()
    await login(signedIn)
    const { browser } = await signIn()
    expect((await user(browser)).name).toBe('Registered')
    expect([(await login()).status, await user(signedIn) !== null]).toEqual([200, true])
  })

  it('that somebody made in wait for its owner loses its password, its sessions and its links', async () => {
    await register(EMAIL.toUpperCase())
    const attacker = api.visitor()
    await login(attacker)
    const [row] = await rowsOf<{ id: string }>(sql`select id from users`)
    await rowsOf(sql`insert into account_tokens (user_id, purpose, token_hash, email, expires_at) values (${row!.id}, 'password_reset', 'x', ${EMAIL}, now() + interval '1 hour')`)
    const { browser } = await signIn()
    expect((await user(browser)).id).toBe(row!.id)
    expect(await user(attacker)).toBeNull()
    expect((await login()).status).toBe(401)
    expect(await rowsOf(sql`select 1 from account_tokens`)).toEqual([])
    // And only the first time: a password its owner has set since stays.
    const [after] = await rowsOf<{ verified: boolean, password: string | null }>(sql`select email_verified_at is not null as verified, password_hash as password from users`)
    expect(after).toEqual({ verified: true, password: null })
  })

  it('is never linked by an address the provider has not verified', async () => {
    await register()
    for (const change of [{ email_verified: false }, { email_verified: undefined }, { email_verified: 'true' }, { email: undefined }, { email: 'no address' }, { email: [EMAIL] }]) {
      provider.person = { sub: 'person-1', email: EMAIL, email_verified: true, ...change }
      const { browser, landed } = await signIn()
      expect([reasonIn(landed), await user(browser)]).toEqual(['unverified', null])
    }
    expect(await rowsOf(sql`select 1 from user_identities`)).toEqual([])
    expect((await login()).status).toBe(200)
  })

  it('stays with the first identity: an address that the provider gave to somebody else opens nothing', async () => {
    await signIn()
    provider.person = { sub: 'person-2', email: EMAIL, email_verified: true }
    const { browser, landed } = await signIn()
    expect([reasonIn(landed), await user(browser)]).toEqual(['refused', null])
  })

  it.each(['customer', 'admin'])('a disabled one is refused, linked or not (%s)', async (role) => {
    await register()
    await rowsOf(sql`update users set role = ${role}, disabled_at = now(), email_verified_at = now()`)
    expect(reasonIn((await signIn()).landed)).toBe('disabled')
    await rowsOf(sql`update users set disabled_at = null`)
    expect((await signIn()).landed).toBe(role === 'admin' ? '/admin' : '/my-plan')
    await rowsOf(sql`update users set disabled_at = now()`)
    const { browser, landed } = await signIn()
    expect([reasonIn(landed), await user(browser)]).toEqual(['disabled', null])
  })
})

describe('an answer that is not the one asked for', () => {
  it.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'somebody-else' }],
    ['a token that is over', { exp: Math.floor(Date.now() / 1000) - 3600 }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
  ])('with %s signs nobody in', async (_, twist) => {
    provider.twist = twist
    const { browser, landed } = await signIn()
    expect([reasonIn(landed), await user(browser)]).toEqual(['refused', null])
    expect(await rowsOf(sql`select 1 from users`)).toEqual([])
  })

  it('signed by somebody else signs nobody in', async () => {
    provider.mood = 'forge'
    const { browser, landed } = await signIn()
    expect([reasonIn(landed), await user(browser)]).toEqual(['refused', null])
  })

  it('for another browser signs nobody in: nobody can be signed in to a stranger’s account by a link', async () => {
    const attacker = api.visitor()
    const { back } = await toProvider(attacker)
    const victim = api.visitor()
    expect(reasonIn((await victim.get(back)).headers.get('location')!)).toBe('expired')
    await toProvider(victim)
    expect(reasonIn((await victim.get(back)).headers.get('location')!)).toBe('expired')
    expect(await user(victim)).toBeNull()
    expect(provider.exchanges).toBe(0)
  })

  it('counts for ten minutes, however long the browser keeps its cookie', async () => {
    const [early, late] = [api.visitor(), api.visitor()]
    const ways = [await toProvider(early, '/account'), await toProvider(late, '/account')]
    const begun = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: begun + 9.9 * 60_000 })
    expect((await early.get(ways[0]!.back)).headers.get('location')).toBe('/account')
    vi.setSystemTime(begun + 10 * 60_000 + 1)
    expect(late.cookies.has('vb_oidc')).toBe(true)
    expect((await late.get(ways[1]!.back)).headers.get('location')).toBe('/sign-in?oidc=expired&redirect=%2Faccount')
    expect([await user(late), provider.exchanges]).toEqual([null, 1])
  })

  it('counts once', async () => {
    const own = api.visitor()
    const way = await toProvider(own)
    const sealed = own.cookies.get('vb_oidc')!
    await own.get(way.back)
    expect(own.cookies.has('vb_oidc')).toBe(false)
    const replay = api.visitor()
    replay.cookies.set('vb_oidc', sealed)
    expect(reasonIn((await replay.get(way.back)).headers.get('location')!)).toBe('refused')
    expect(await user(replay)).toBeNull()
  })

  it.each(['', '?code=x', '?state=x', '?code=x&state=y', '?error=access_denied', `?code=${'x'.repeat(3000)}`])('callback%s of nobody’s is refused', async (query) => {
    const browser = api.visitor()
    await toProvider(browser)
    const refused = await browser.get(`/api/auth/oidc/callback${query}`)
    expect([refused.status, reasonIn(refused.headers.get('location')!)]).toEqual([302, 'expired'])
  })

  it('sealed by nobody is none', async () => {
    for (const forged of ['x', 'v1.a.b.c.d', '', '%00']) {
      const browser = api.visitor()
      const { back } = await toProvider(browser)
      browser.cookies.set('vb_oidc', forged)
      expect(reasonIn((await browser.get(back)).headers.get('location')!)).toBe('expired')
    }
  })
})

describe('a provider that cannot help', () => {
  it('is told of when somebody says no there, and one wants to go on where one was', async () => {
    provider.mood = 'denied'
    expect((await signIn(undefined, '/account')).landed).toBe('/sign-in?oidc=cancelled&redirect=%2Faccount')
  })

  it.each(['down', 'hang-up'] as const)('is told of when it is %s, and asked again when it is back', async (mood) => {
    provider.mood = mood
    expect(reasonIn((await signIn()).landed)).toBe('unavailable')
    provider.mood = 'fine'
    expect((await signIn()).landed).toBe('/my-plan')
  })

  it('is told of when it fails half-way', async () => {
    provider.mood = 'token-down'
    expect(reasonIn((await signIn()).landed)).toBe('unavailable')
    const browser = api.visitor()
    const { back } = await toProvider(browser)
    provider.mood = 'hang-up'
    expect(reasonIn((await browser.get(back)).headers.get('location')!)).toBe('unavailable')
  })

  it('that is another than the one that is set is refused', async () => {
    provider.claimsToBe = 'https://evil.example'
    expect(reasonIn((await signIn()).landed)).toBe('refused')
  })

  it('that does not know us signs nobody in', async () => {
    setEnv({ ...kept, OIDC_CLIENT_SECRET: 'an old secret' })
    const { browser, landed } = await signIn()
    expect([reasonIn(landed), await user(browser)]).toEqual(['refused', null])
  })
})

describe('what the sign-in page offers', () => {
  it('is the provider by name, where one is set up', async () => {
    expect((await api.visitor().get('/api/auth/options')).body).toEqual({ password_reset: false, oidc: { name: 'Example' } })
    setEnv({ ...kept, OIDC_NAME: undefined })
    expect((await api.visitor().get('/api/auth/options')).body.oidc).toEqual({ name: '127.0.0.1' })
  })

  it('is nothing without one, and its routes are not there', async () => {
    setEnv({ ...kept, OIDC_ISSUER: undefined })
    expect((await api.visitor().get('/api/auth/options')).body.oidc).toBeNull()
    for (const path of ['start', 'callback?code=x&state=y']) {
      const refused = await api.visitor().get(`/api/auth/oidc/${path}`)
      expect([refused.status, refused.body.code]).toEqual([404, 'NOT_FOUND'])
    }
  })

  it('is nothing where nobody knows where the way leads back to, whatever host a request names', async () => {
    setEnv({ ...kept, TRUST_PROXY: 1 })
    const named = { 'x-forwarded-host': 'evil.example' }
    expect((await api.visitor().get('/api/auth/options', named)).body.oidc).toBeNull()
    expect((await api.visitor().get('/api/auth/oidc/start', named)).status).toBe(503)
    setEnv({ ...kept, TRUST_PROXY: 1, PUBLIC_URL: 'https://planner.example' })
    const begun = await api.visitor().get('/api/auth/oidc/start', named)
    expect(new URL(begun.headers.get('location')!).searchParams.get('redirect_uri')).toBe('https://planner.example/api/auth/oidc/callback')
    expect(begun.headers.getSetCookie().find(line => line.startsWith('__Host-vb_oidc='))).toMatch(/Path=\/;.*Secure/i)
  })
})

it('begins no more than thirty sign-ins in ten minutes from one address', async () => {
  setEnv({ ...kept, RATE_LIMITS: 'on' })
  for (let i = 0; i < 30; i++) expect((await api.visitor().get('/api/auth/oidc/start')).status).toBe(302)
  const refused = await api.visitor().get('/api/auth/oidc/start')
  expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
})
