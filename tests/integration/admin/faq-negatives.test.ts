import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
let ada: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
  ada = await api.admin()
})

const negatives = async () => (await ada.get('/api/admin/faqs/negatives')).body.items
const ask = async (text: string) => (await anna.post('/api/chatbot/messages', { message_text: text })).body

it('learns from a thumbs down on a FAQ’s answer, at once, and unlearns when it is taken back', async () => {
  const question = 'what do you do about bad weather, is there a plan'
  const before = await ask(question)
  expect(before).toMatchObject({ source: 'faq', faq_matched: true })
  await anna.post('/api/chatbot/feedback', { message_id: before.id, value: 'down' })
  expect(await negatives()).toEqual([{ id: expect.any(String), faq_id: before.faq_id, faq_question: 'What happens if it rains?', question, source: 'feedback', created_at: expect.any(String) }])
  expect((await ask(question)).faq_id).not.toBe(before.faq_id)

  await anna.post('/api/chatbot/feedback', { message_id: before.id, value: null })
  expect(await negatives()).toEqual([])
  expect((await ask(question)).faq_id).toBe(before.faq_id)
})

it('never takes a FAQ away from its own question', async () => {
  const reply = await ask('What happens if it rains?')
  await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'down' })
  expect((await ask('What happens if it rains?')).faq_id).toBe(reply.faq_id)
})

it('learns nothing from a picked FAQ, a fallback or a thumbs up', async () => {
  const [faq] = (await anna.get('/api/chatbot/faqs')).body
  const picked = (await anna.post('/api/chatbot/messages', { message_text: faq.question, faq_id: faq.id })).body
  const fallback = await ask('qwzx vbnm plugh')
  const liked = await ask('What happens if it rains?')
  for (const [reply, value] of [[picked, 'down'], [fallback, 'down'], [liked, 'up']] as const) await anna.post('/api/chatbot/feedback', { message_id: reply.id, value })
  expect(await negatives()).toEqual([])
})

it('lets an admin say it, see it page by page, and take it back', async () => {
  const [faq] = (await anna.get('/api/chatbot/faqs')).body
  for (const question of ['how do I book a flight', 'can I book a table']) {
    expect((await ada.post('/api/admin/faqs/negatives', { faq_id: faq.id, question })).status).toBe(201)
  }
  const first = (await ada.get('/api/admin/faqs/negatives?limit=1')).body
  expect(first.items).toMatchObject([{ question: 'can I book a table', source: 'admin' }])
  const second = (await ada.get(`/api/admin/faqs/negatives?limit=1&cursor=${first.next_cursor}`)).body
  expect([second.items[0].question, second.next_cursor]).toEqual(['how do I book a flight', null])
  expect((await ada.delete(`/api/admin/faqs/negatives/${second.items[0].id}`)).status).toBe(204)
  expect(await negatives()).toHaveLength(1)
})

it('refuses an unknown FAQ, an unknown pair and a made-up cursor', async () => {
  expect((await ada.post('/api/admin/faqs/negatives', { faq_id: randomUUID(), question: 'x' })).status).toBe(404)
  expect((await ada.delete(`/api/admin/faqs/negatives/${randomUUID()}`)).status).toBe(404)
  expect((await ada.get('/api/admin/faqs/negatives?cursor=abc')).status).toBe(400)
})
