import { afterAll, beforeAll, expect, it } from 'vitest'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi({ variables: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } })
})
afterAll(() => api.close())

it('stops guessing at an account, and lets its owner in from elsewhere', async () => {
  const { user: { email } } = await api.customer('Anna')
  const signIn = (from: string, password: string) => api.visitor().post('/api/auth/login', { email, password }, { 'x-forwarded-for': `6.6.6.6, ${from}` })
  for (let i = 0; i < 8; i++) expect((await signIn('198.51.100.7', `guess number ${i}`)).status).toBe(401)
  const refused = await signIn('198.51.100.7', PASSWORD)
  expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await signIn('203.0.113.9', PASSWORD)).status).toBe(200)
})

it('does not count sign-ins that succeed', async () => {
  const { user: { email } } = await api.customer('Bella')
  for (let i = 0; i < 12; i++) expect((await api.visitor().post('/api/auth/login', { email, password: PASSWORD }, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200)
})

it('does not believe an address that the caller wrote itself', async () => {
  const { user: { email } } = await api.customer('Carla')
  const signIn = (claimed: string) => api.visitor().post('/api/auth/login', { email, password: 'guess' }, { 'x-forwarded-for': `${claimed}, 198.51.100.8` })
  for (let i = 0; i < 8; i++) await signIn(`10.0.0.${i}`)
  expect((await signIn('10.0.0.99')).status).toBe(429)
})
