import { afterAll, beforeAll, expect, it } from 'vitest'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi({ variables: { PUBLIC_URL: 'https://planner.example' } })
})
afterAll(() => api.close())

it('sends a Secure __Host- cookie over https, and reads no other', async () => {
  const { user, cookies } = await api.customer('Anna')
  const visitor = api.visitor()
  const { headers } = await visitor.post('/api/auth/login', { email: user.email, password: PASSWORD })
  expect(headers.getSetCookie().find(line => line.startsWith('__Host-vb_session='))).toMatch(/Path=\/;.*Secure/i)
  expect((await visitor.get('/api/auth/session')).body.user.email).toBe(user.email)

  const plain = api.visitor()
  plain.cookies.set('vb_session', cookies.get('vb_session')!)
  expect((await plain.get('/api/auth/session')).body).toEqual({ user: null })
})

it('gives each of its own cookies the prefix, and takes them away under the same name', async () => {
  const { user } = await api.customer('Anna')
  const visitor = api.visitor()
  const signedIn = await visitor.post('/api/auth/login', { email: user.email, password: PASSWORD })
  const signedOut = await visitor.post('/api/auth/logout')
  expect(signedIn.headers.getSetCookie().map(line => line.split('=')[0])).toEqual(['__Host-vb_session', '__Host-vb_device'])
  // A browser takes a prefixed line only with all three; without them the cookie would outlive its sign-out.
  for (const line of [...signedIn.headers.getSetCookie(), ...signedOut.headers.getSetCookie().filter(line => line.startsWith('__Host-'))]) {
    expect(line).toMatch(/; Path=\/(?:;|$)/i)
    expect(line).toMatch(/; HttpOnly/i)
    expect(line).toMatch(/; Secure/i)
    expect(line).not.toMatch(/; Domain=/i)
  }
  expect(signedOut.headers.getSetCookie().some(line => line.startsWith('__Host-vb_session=;'))).toBe(true)
})

it('compares a write’s origin with the public address, not with what the proxy calls us', async () => {
  const visitor = api.visitor()
  const body = { email: 'nobody@example.com', password: 'whatever it was' }
  expect((await visitor.post('/api/auth/login', body, { origin: 'https://planner.example' })).status).toBe(401)
  expect((await visitor.post('/api/auth/login', body, { origin: api.origin })).status).toBe(403)
})
