import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { AdminFaq } from '#shared/contracts/admin'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
beforeEach(async () => {
  await api.reset()
  admin = await api.admin()
})
afterAll(() => api.close())

const list = async (): Promise<AdminFaq[]> => (await admin.get('/api/admin/faqs?limit=100')).body.items
const ids = async () => (await list()).map(faq => faq.id)

it('puts FAQs in the order given, and customers see it', async () => {
  const before = await ids()
  const wanted = before.toReversed()
  const answer = await admin.post('/api/admin/faqs/order', { ids: wanted })
  expect(answer.status).toBe(200)
  expect(await ids()).toEqual(wanted)
  const customer = await api.customer()
  expect((await customer.get('/api/chatbot/faqs')).body.map((faq: { id: string }) => faq.id)).toEqual(wanted)
})

it('orders a part of the list in the places that part holds, and leaves the rest', async () => {
  const before = await ids()
  const [a, b, c, d] = before
  await admin.post('/api/admin/faqs/order', { ids: [d, b] })
  expect(await ids()).toEqual([a, d, c, b, ...before.slice(4)])
})

it('does not stand in the way of somebody who is editing a text', async () => {
  const [first, second] = await list()
  await admin.post('/api/admin/faqs/order', { ids: [second!.id, first!.id] })
  expect((await admin.patch(`/api/admin/faqs/${first!.id}`, { answer: 'New words.', version: first!.version })).status).toBe(200)
})

it('refuses ids that are unknown, repeated, malformed or missing', async () => {
  const [first] = await ids()
  expect((await admin.post('/api/admin/faqs/order', { ids: [first, '01920000-0000-7000-8000-000000000000'] })).status).toBe(409)
  for (const wrong of [{ ids: [first, first] }, { ids: ['x'] }, { ids: [] }, {}]) expect((await admin.post('/api/admin/faqs/order', wrong)).body.code).toBe('VALIDATION_ERROR')
  expect((await admin.get('/api/admin/faqs/order')).status).toBe(405)
})

it('keeps every FAQ in one place when two admins order at the same moment', async () => {
  const before = await ids()
  const other = await api.admin('Eve')
  const answers = await Promise.all([admin.post('/api/admin/faqs/order', { ids: before.toReversed() }), other.post('/api/admin/faqs/order', { ids: [before[3], before[0]] })])
  expect(answers.map(answer => answer.status)).toEqual([200, 200])
  const after = await list()
  expect(after.map(faq => faq.id).toSorted()).toEqual(before.toSorted())
  expect(new Set(after.map(faq => faq.order)).size).toBe(before.length)
})
