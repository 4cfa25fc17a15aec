import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
beforeAll(async () => {
  api = await startApi()
  admin = await api.admin()
})
afterAll(() => api.close())

it('tells the answer to a FAQ’s own question, and why', async () => {
  const { items: [faq] } = (await admin.get('/api/admin/faqs?limit=1')).body
  const tried = await admin.post('/api/admin/faqs/try', { question: faq.question })
  expect(tried.status).toBe(200)
  expect(tried.body).toMatchObject({ decision: 'answer', outcome: 'answer', score: 1, reply: faq.answer, candidates: [{ faq_id: faq.id, question: faq.question, score: 1 }], strictness: 'balanced' })
  expect(tried.body.reason).toMatch(/word for word/)
})

it('does what the chat does, and stores nothing', async () => {
  const customer = await api.customer()
  for (const question of ['what does it cost', 'qwertz uiop', 'do you have a dance floor and rain cover']) {
    const tried = (await admin.post('/api/admin/faqs/try', { question })).body
    const reply = (await customer.post('/api/chatbot/messages', { message_text: question })).body
    expect([tried.outcome, tried.reply]).toEqual([reply.source === 'fallback' ? 'fallback' : reply.suggestions.length ? 'suggestions' : 'answer', reply.text])
  }
  expect((await admin.get('/api/chatbot/conversations')).body).toEqual([])
})

it('says in words what spoke for each FAQ that was considered', async () => {
  const { candidates } = (await admin.post('/api/admin/faqs/try', { question: 'what if the weather turns bad' })).body
  expect(candidates.length).toBeGreaterThan(1)
  for (const { signals } of candidates as { signals: { name: string, label: string, value: number }[] }[]) {
    expect(signals.length).toBeGreaterThan(5)
    for (const { name, label, value } of signals) {
      expect(label, name).not.toBe(name)
      expect(Number.isFinite(value)).toBe(true)
    }
    const values = signals.map(({ value }) => value)
    expect(values).toEqual([...values].sort((a, b) => b - a))
  }
})

it('says that the RAG service would be asked, without asking it', async () => {
  const { version } = (await admin.get('/api/admin/config')).body
  await admin.put('/api/admin/config', { version, rag_api_url: 'http://127.0.0.1:9/ask' })
  const tried = await admin.post('/api/admin/faqs/try', { question: 'qwertz uiop' })
  expect(tried.body).toMatchObject({ outcome: 'rag', reply: null })
  expect(tried.body.reason).toMatch(/RAG service is asked/)
})

it('refuses an empty question and one that is too long', async () => {
  for (const question of ['', ' ', 'x'.repeat(2001), 7]) expect((await admin.post('/api/admin/faqs/try', { question })).body.code).toBe('VALIDATION_ERROR')
})
