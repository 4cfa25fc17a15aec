import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi({ variables: { RATE_LIMITS: 'on' } })
})
afterAll(() => api.close())

it('lets a customer send 20 messages a minute and tells when to go on', async () => {
  const anna = await api.customer('Anna')
  const send = (text: string) => anna.post('/api/chatbot/messages', { message_text: text })
  for (let i = 0; i < 20; i++) expect((await send(`message ${i}`)).status).toBe(200)
  const refused = await send('one too many')
  expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(61)
  expect((await (await api.customer('Bella')).post('/api/chatbot/messages', { message_text: 'me too' })).status).toBe(200)
})
