import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
let ada: SignedInClient
beforeAll(async () => {
  api = await startApi()
  anna = await api.customer('Anna')
  ada = await api.admin()
})
afterAll(() => api.close())

describe('GET /api/chatbot/faqs', () => {
  it('lists the active FAQs by order', async () => {
    const { status, body } = await anna.get('/api/chatbot/faqs')
    expect(status).toBe(200)
    expect(body).toHaveLength(15)
    expect(body[0]).toEqual({ id: expect.any(String), question: 'How do I book a wedding package?', answer: expect.any(String), order: 1 })
    expect(body.map((faq: { order: number }) => faq.order)).toEqual([...body.keys()].map(index => index + 1))
  })

  it('is 304 while nothing has changed, and new as soon as an admin changes one', async () => {
    const first = await anna.get('/api/chatbot/faqs')
    const tag = { 'if-none-match': first.headers.get('etag')! }
    expect(await anna.get('/api/chatbot/faqs', tag)).toMatchObject({ status: 304, text: '' })
    expect((await anna.get('/api/chatbot/faqs', { 'if-none-match': `W/${tag['if-none-match']}, "x"` })).status).toBe(304)

    const faq = (await ada.get(`/api/admin/faqs/${first.body[2].id}`)).body
    await ada.patch(`/api/admin/faqs/${faq.id}`, { is_active: false, version: faq.version })
    const second = await anna.get('/api/chatbot/faqs', tag)
    expect(second.status).toBe(200)
    expect(second.body).toHaveLength(14)
  })

  it('never answers with an inactive FAQ', async () => {
    const faq = (await anna.get('/api/chatbot/faqs')).body[5]
    const { version } = (await ada.get(`/api/admin/faqs/${faq.id}`)).body
    await ada.patch(`/api/admin/faqs/${faq.id}`, { is_active: false, version })
    for (const body of [{ message_text: faq.question }, { message_text: faq.question, faq_id: faq.id }]) {
      expect((await anna.post('/api/chatbot/messages', body)).body.faq_id).not.toBe(faq.id)
    }
  })

  it('is for signed-in customers', async () => {
    expect((await api.visitor().get('/api/chatbot/faqs')).status).toBe(401)
    expect((await anna.post('/api/chatbot/faqs')).headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('GET /api/chatbot/config', () => {
  it('gives what the widget needs and nothing of the RAG API', async () => {
    await ada.put('/api/admin/config', { rag_api_url: 'http://127.0.0.1:9/ask', rag_api_key: 'sk-very-secret-key', version: (await ada.get('/api/admin/config')).body.version })
    const { status, body, text } = await anna.get('/api/chatbot/config')
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(['accent_color', 'away_until', 'bot_name', 'contact_email', 'fallback_message', 'greeting', 'polling_interval_ms'])
    expect(body.away_until).toBeNull()
    expect(text).not.toMatch(/rag|secret|127\.0\.0\.1/)
    expect((await api.visitor().get('/api/chatbot/config')).status).toBe(401)
  })
})

describe('outside of office hours', () => {
  it('the widget is told when a person answers again', async () => {
    const now = new Date()
    const today = now.getUTCDay() || 7
    const hours = { zone: 'UTC', week: [{ day: (today + 2) % 7 + 1, from: '09:30', to: '10:00' }] }
    const version = async () => (await ada.get('/api/admin/config')).body.version
    expect((await ada.put('/api/admin/config', { office_hours: hours, version: await version() })).status).toBe(200)
    const { away_until } = (await anna.get('/api/chatbot/config')).body
    const days = (Date.parse(away_until) - now.getTime()) / 86_400_000
    expect(away_until).toMatch(/T09:30:00\.000Z$/)
    expect(days).toBeGreaterThan(2)
    expect(days).toBeLessThan(4)
    await ada.put('/api/admin/config', { office_hours: null, version: await version() })
  })
})

describe('the admin’s config', () => {
  it('keeps the key sealed: written, never read', async () => {
    const { body, text } = await ada.get('/api/admin/config')
    expect(body).toMatchObject({ rag_api_key_set: true, rag_api_key_hint: '-key' })
    expect(text).not.toContain('sk-very-secret')
  })

  it('refuses an edit of a version that has moved on, with the current state', async () => {
    const { version } = (await ada.get('/api/admin/config')).body
    expect((await ada.put('/api/admin/config', { bot_name: 'Vasilia', version })).status).toBe(200)
    const late = await ada.put('/api/admin/config', { bot_name: 'Vasil', version })
    expect([late.status, late.body.code, late.body.current.bot_name]).toEqual([409, 'CONFLICT', 'Vasilia'])
    expect((await anna.get('/api/chatbot/config')).body.bot_name).toBe('Vasilia')
  })

  it.each([
    ['polling_interval_ms', 499], ['polling_interval_ms', 60_001], ['rag_timeout_ms', 499], ['rag_api_url', 'ftp://x'], ['rag_api_url', 'javascript:alert(1)'], ['rag_api_url', 'http://user:key@host/'],
    ['accent_color', 'red'], ['answer_strictness', 'wild'], ['contact_email', 'nobody'], ['bot_name', ''],
  ])('refuses %s = %s', async (field, value) => {
    const { version } = (await ada.get('/api/admin/config')).body
    const refused = await ada.put('/api/admin/config', { [field]: value, version })
    expect([refused.status, refused.body.details?.[0].path]).toEqual([400, field])
  })

  it('clears what is sent empty', async () => {
    const { version } = (await ada.get('/api/admin/config')).body
    const { body } = await ada.put('/api/admin/config', { rag_api_url: '', rag_api_key: '', accent_color: null, version })
    expect(body).toMatchObject({ rag_api_url: null, rag_api_key_set: false, rag_api_key_hint: null, accent_color: null })
  })
})
