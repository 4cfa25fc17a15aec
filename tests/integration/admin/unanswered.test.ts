import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { SUGGESTION_PATIENCE_MS } from '#server/db/messages'
import { claimWork } from '#server/db/work-claims'
import { groupMisses } from '#server/services/unanswered/group-misses'
import type { UnansweredDetail, UnansweredGroup, UnansweredPage } from '#shared/contracts/unanswered'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let ada: SignedInClient
let anna: SignedInClient
let ben: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  ada = await api.admin('Ada')
  anna = await api.customer('Anna')
  ben = await api.customer('Ben')
})
afterEach(() => api.settled())

const ask = async (text: string, client = anna, more = {}) => (await client.post('/api/chatbot/messages', { message_text: text, ...more })).body
const list = async (query = '') => {
  // The list waits for it no longer than its reader would.
  await groupMisses()
  return (await ada.get(`/api/admin/unanswered${query}`)).body as UnansweredPage
}
const read = async (id: string) => (await ada.get(`/api/admin/unanswered/${id}`)).body as UnansweredDetail
const resolve = (id: string, body: object, admin = ada) => admin.post(`/api/admin/unanswered/${id}/resolve`, body)
const find = (page: UnansweredPage, question: string): UnansweredGroup => page.items.find(item => item.question === question)!
const BALLOON = 'Do you organise hot air balloon flights?'
const DRONE = 'Are drones allowed over the estate garden?'

describe('unanswered questions', () => {
  it('come together by likeness, counted, the most asked first', async () => {
    await ask(DRONE)
    await ask(BALLOON)
    await ask('do you organize hot air balloon flights', ben)
    await ask('hot air balloon flight', ben)
    const page = await list()
    expect(page.open_count).toBe(2)
    expect(page.items).toMatchObject([
      { question: BALLOON, count: 3, kinds: { fallback: 3, suggestion: 0, thumbs_down: 0 }, status: 'open', earlier: 0, resolution: null },
      { question: DRONE, count: 1 },
    ])
    expect(page.items[0]!.wordings).toEqual(['do you organize hot air balloon flights', 'hot air balloon flight'])
    expect((await read(page.items[0]!.id)).questions.map(({ text, kind }) => [text, kind])).toEqual([['hot air balloon flight', 'fallback'], ['do you organize hot air balloon flights', 'fallback'], [BALLOON, 'fallback']])
    const first = await list('?limit=1')
    expect(first.items.map(({ question }) => question)).toEqual([BALLOON])
    const second = await list(`?limit=1&cursor=${first.next_cursor}`)
    expect([second.items[0]!.question, second.next_cursor]).toEqual([DRONE, null])
    expect((await ada.get('/api/admin/waiting')).body).toEqual({ unanswered: 2, persons: 0 })
  })

  it('are no greetings, no wish for a person and nothing that was answered', async () => {
    await ask('hello there')
    await ask('!!!')
    const told = await ask('I want to talk to a person')
    await anna.post('/api/chatbot/feedback', { message_id: told.id, value: 'down' })
    await ask('What happens if it rains?')
    expect((await list()).items).toEqual([])
  })

  it('hold thumbs down, until it is taken back', async () => {
    const reply = await ask('What happens if it rains?')
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'down' })
    expect((await list()).items).toMatchObject([{ question: 'What happens if it rains?', count: 1, kinds: { fallback: 0, thumbs_down: 1 } }])
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'down', comment: 'Too short' })
    expect((await list()).items).toMatchObject([{ count: 1 }])
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'up' })
    expect(await list()).toMatchObject({ items: [], open_count: 0 })
  })

  it('count a question once that was a fallback and rated badly', async () => {
    const reply = await ask(BALLOON)
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'down' })
    expect((await list()).items).toMatchObject([{ count: 1, kinds: { fallback: 1, thumbs_down: 1 } }])
  })

  it('hold suggestions that nobody took, once there was time to take them', async () => {
    const vague = 'price of rooms'
    const offered = await ask(vague)
    expect(offered.suggestions.length).toBeGreaterThan(0)
    await ask(vague, ben).then(reply => ask(reply.suggestions[0].question, ben, { faq_id: reply.suggestions[0].faq_id }))
    expect((await list()).items).toEqual([])
    await groupMisses(new Date(Date.now() + SUGGESTION_PATIENCE_MS + 1000))
    expect((await list()).items).toMatchObject([{ question: vague, count: 1, kinds: { fallback: 0, suggestion: 1 } }])
  })

  it('are grouped by one server at a time, and by none twice', async () => {
    await ask(BALLOON)
    const other = v7()
    expect(await claimWork('unanswered', { by: other, leaseMs: 60_000 })).toBe(true)
    expect(await groupMisses()).toBe(0)
    await claimWork('unanswered', { by: other, leaseMs: -1 })
    const placed = await Promise.all([groupMisses(), groupMisses(), list(), list()])
    expect(placed.slice(0, 2)).toEqual([1, 1])
    expect((await list()).items).toMatchObject([{ count: 1 }])
  })

  it('forget the words of a customer who deletes what they wrote', async () => {
    await ask(BALLOON)
    await ask(DRONE)
    await ask('do you organize hot air balloon flights', ben)
    await list()
    await anna.delete('/api/chatbot/conversations')
    expect((await list()).items).toMatchObject([{ question: 'do you organize hot air balloon flights', wordings: [], count: 1 }])
  })

  it('refuse unknown ids, made-up cursors and unknown actions', async () => {
    await ask(BALLOON)
    const { id } = (await list()).items[0]!
    for (const query of ['?cursor=x', '?status=any', '?limit=0', `?cursor=${Buffer.from('[1,2,3]').toString('base64url')}`]) expect((await ada.get(`/api/admin/unanswered${query}`)).body.code).toBe('VALIDATION_ERROR')
    for (const body of [{}, { action: 'forget' }, { action: 'new_faq', question: 'Only this?' }, { action: 'phrasing' }]) expect((await resolve(id, body)).body.code).toBe('VALIDATION_ERROR')
    expect((await resolve(randomUUID(), { action: 'dismiss' })).status).toBe(404)
    expect((await resolve(id, { action: 'phrasing', faq_id: randomUUID() })).status).toBe(404)
    expect((await ada.get(`/api/admin/unanswered/${randomUUID()}`)).status).toBe(404)
    expect((await ada.post(`/api/admin/unanswered/${randomUUID()}/reopen`)).status).toBe(404)
    expect((await list()).items).toHaveLength(1)
  })
})

describe('dealing with them', () => {
  it('makes a FAQ, tells what else it answers, and settles that with it', async () => {
    await ask(BALLOON)
    await ask('Could someone fly us in a balloon over the bay?', ben)
    await ask(DRONE, ben)
    const page = await list()
    const balloon = find(page, BALLOON)
    const preview = (await ada.post('/api/admin/unanswered/preview', { faq: { question: BALLOON, answer: 'Yes, at sunrise.', phrasings: ['Could someone fly us in a balloon over the bay?'] } })).body
    expect(preview.looked_at).toBe(page.items.length)
    expect(preview.items.map((item: { question: string, decision: string }) => [item.question, item.decision])).toContainEqual([BALLOON, 'answer'])
    expect(preview.items.map((item: { question: string }) => item.question)).not.toContain(DRONE)

    const resolved = await resolve(balloon.id, { action: 'new_faq', question: BALLOON, answer: 'Yes, at sunrise.', phrasings: ['Could someone fly us in a balloon over the bay?'], version: balloon.version })
    expect(resolved).toMatchObject({ status: 200, body: { group: { id: balloon.id, status: 'resolved', resolution: 'new_faq', count: 0, resolved_by: { name: 'Ada' }, faq: { question: BALLOON } }, faq: { question: BALLOON, is_active: true, version: 1 } } })
    expect((await ask(BALLOON)).text).toBe('Yes, at sunrise.')
    const others = page.items.filter(item => item.id !== balloon.id && item.question !== DRONE)
    expect(resolved.body.now_answers.map((item: { id: string }) => item.id)).toEqual(others.map(({ id }) => id))
    expect((await list('?status=resolved')).items).toMatchObject([{ id: balloon.id }])
    expect((await ada.get('/api/admin/audit?entity=unanswered')).body.items).toMatchObject([{ action: 'resolve', entity_id: balloon.id, after: { resolution: 'new_faq' } }])
  })

  it('adds a phrasing to a FAQ that is there, and settles another group with it', async () => {
    await ask('Do you hand out ponchos?')
    await ask(DRONE)
    const [faq] = (await ada.get('/api/admin/faqs?q=rains')).body.items
    const page = await list()
    const target = page.items.find(item => item.question !== DRONE)!
    const other = find(page, DRONE)
    const resolved = await resolve(target.id, { action: 'phrasing', faq_id: faq.id, also: [other.id] })
    expect(resolved).toMatchObject({ status: 200, body: { group: { status: 'resolved', resolution: 'phrasing' }, faq: { id: faq.id, version: faq.version + 1 } } })
    expect(resolved.body.faq.phrasings).toEqual([...faq.phrasings, target.question])
    expect((await ask(target.question, ben)).faq_id).toBe(faq.id)
    expect(await list()).toMatchObject({ items: [], open_count: 0 })
    await ada.post(`/api/admin/unanswered/${other.id}/reopen`)
    expect((await list()).items).toMatchObject([{ id: other.id, count: 1 }])
    // The same words again change nothing about the FAQ.
    expect((await resolve(other.id, { action: 'phrasing', faq_id: faq.id, phrasing: faq.question })).body.faq.version).toBe(faq.version + 1)
  })

  it('dismisses, and takes it back', async () => {
    await ask(BALLOON)
    const { id, version } = (await list()).items[0]!
    expect((await resolve(id, { action: 'dismiss', version })).body).toMatchObject({ faq: null, now_answers: [], group: { status: 'dismissed', count: 0, earlier: 1 } })
    expect((await list()).items).toEqual([])
    expect((await list('?status=dismissed')).items).toMatchObject([{ id }])
    expect((await ada.post(`/api/admin/unanswered/${id}/reopen`)).body).toMatchObject({ status: 'open', count: 1, earlier: 0 })
    expect((await ada.post(`/api/admin/unanswered/${id}/reopen`)).body).toMatchObject({ status: 'open', count: 1 })
  })

  it('comes back when the question is asked again, with what was before counted apart', async () => {
    await ask(BALLOON)
    await ask(BALLOON, ben)
    const { id } = (await list()).items[0]!
    await resolve(id, { action: 'dismiss' })
    await ask('do you organize hot air balloon flights', ben)
    expect((await list()).items).toMatchObject([{ id, status: 'open', count: 1, earlier: 2, kinds: { fallback: 1 } }])
    expect((await read(id)).questions.map(({ settled_at }) => settled_at !== null)).toEqual([false, true, true])
  })

  it('is done once: a second admin sees what the first did, and nothing is made twice', async () => {
    await ask(BALLOON)
    const bea = await api.admin('Bea')
    const { id, version } = (await list()).items[0]!
    const wish = (question: string) => ({ action: 'new_faq', question, answer: 'Yes.', version })
    const made = await Promise.all([resolve(id, wish('Do you fly balloons?')), resolve(id, wish('Are there balloon flights?'), bea)])
    expect(made.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(made.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'CONFLICT', current: { id, status: 'resolved' } })
    expect((await ada.get('/api/admin/faqs?q=balloon')).body.total).toBe(1)
  })

  it('leaves the group alone where the FAQ cannot be made', async () => {
    await ask(BALLOON)
    const { id } = (await list()).items[0]!
    expect(await resolve(id, { action: 'new_faq', question: 'What happens if it rains?', answer: 'Again.' })).toMatchObject({ status: 409, body: { error: expect.stringContaining('already') } })
    expect((await list()).items).toMatchObject([{ id, status: 'open', count: 1 }])
    expect((await resolve(id, { action: 'dismiss', version: 99 })).status).toBe(409)
  })
})
