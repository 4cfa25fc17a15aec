import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCsv } from '#server/services/faqs/csv'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
let anna: SignedInClient
let ben: SignedInClient
const replies: Record<string, { message_id: string, conversation_id: string }> = {}

const ask = async (client: SignedInClient, text: string) => (await client.post('/api/chatbot/messages', { message_text: text })).body

beforeAll(async () => {
  api = await startApi()
  admin = await api.admin('Ada')
  anna = await api.customer('Anna')
  ben = await api.customer('Ben')
  replies.anna = await ask(anna, 'Can we visit a venue before we decide?')
  await anna.post('/api/chatbot/feedback', { message_id: replies.anna!.message_id, value: 'up', comment: '=HYPERLINK("x"), thank you' })
  await anna.post(`/api/chatbot/conversations/${replies.anna!.conversation_id}/close`)
  replies.ben = await ask(ben, 'qwertz uiop')
  await ben.post('/api/chatbot/feedback', { message_id: replies.ben!.message_id, value: 'down' })
  replies.again = await ask(anna, 'And the parking?')
  // Looked into and left without a word: nothing to show.
  await api.customer('Cleo').then(cleo => cleo.get('/api/chatbot/conversations'))
})
afterAll(() => api.close())

describe('conversations', () => {
  it('come with the newest message first, a page at a time', async () => {
    const all = (await admin.get('/api/admin/conversations')).body
    expect(all.items.map((item: { customer: { name: string }, status: string, first_question: string }) => [item.customer.name, item.status, item.first_question]))
      .toEqual([['Anna', 'active', 'And the parking?'], ['Ben', 'active', 'qwertz uiop'], ['Anna', 'closed', 'Can we visit a venue before we decide?']])
    expect(all.next_cursor).toBeNull()
    const ids: string[] = []
    let cursor = ''
    do {
      const page = (await admin.get(`/api/admin/conversations?limit=1${cursor && `&cursor=${cursor}`}`)).body
      ids.push(...page.items.map((item: { id: string }) => item.id))
      cursor = page.next_cursor
    } while (cursor)
    expect(ids).toEqual(all.items.map((item: { id: string }) => item.id))
  })

  it('are filtered by status, customer and date', async () => {
    const count = async (query: string) => (await admin.get(`/api/admin/conversations?${query}`)).body.items.length
    expect(await count('status=closed')).toBe(1)
    expect(await count('customer=ann')).toBe(2)
    expect(await count(`customer=${encodeURIComponent(ben.user.email.slice(0, 5).toUpperCase())}`)).toBe(1)
    expect(await count(`customer=${ben.user.id}`)).toBe(1)
    expect(await count('customer=%25')).toBe(0)
    const today = new Date().toISOString().slice(0, 10)
    expect(await count(`from=${today}&to=${today}`)).toBe(3)
    expect(await count('to=2020-01-01')).toBe(0)
    for (const wrong of ['status=open', 'from=yesterday', 'cursor=x', 'limit=0']) expect((await admin.get(`/api/admin/conversations?${wrong}`)).body.code).toBe('VALIDATION_ERROR')
  })

  it('open with scores, sources, the FAQ and the rating', async () => {
    const detail = (await admin.get(`/api/admin/conversations/${replies.anna!.conversation_id}`)).body
    expect(detail).toMatchObject({ status: 'closed', message_count: 2, customer: { id: anna.user.id, email: anna.user.email }, next_after: null })
    expect(detail.messages).toMatchObject([
      { sender: 'customer', seq: 1, text: 'Can we visit a venue before we decide?' },
      { sender: 'bot', seq: 2, source: 'faq', score: 1, faq_question: 'Can we visit a venue before we decide?', feedback: { value: 'up' } },
    ])
    const first = (await admin.get(`/api/admin/conversations/${replies.anna!.conversation_id}?limit=1`)).body
    expect([first.messages.length, first.next_after]).toEqual([1, 1])
    expect((await admin.get('/api/admin/conversations/01920000-0000-7000-8000-000000000000')).status).toBe(404)
    expect((await admin.get('/api/admin/conversations/x')).status).toBe(404)
  })
})

describe('feedback', () => {
  it('is listed with the question and the reply, and filtered', async () => {
    const all = (await admin.get('/api/admin/feedback')).body
    expect(all.items).toMatchObject([
      { value: 'down', comment: null, customer: { name: 'Ben' }, question: 'qwertz uiop', source: 'fallback', conversation_id: replies.ben!.conversation_id },
      { value: 'up', comment: '=HYPERLINK("x"), thank you', customer: { name: 'Anna' }, source: 'faq' },
    ])
    expect((await admin.get('/api/admin/feedback?value=up')).body.items).toHaveLength(1)
    expect((await admin.get('/api/admin/feedback?to=2020-01-01')).body.items).toEqual([])
    const first = (await admin.get('/api/admin/feedback?limit=1')).body
    expect((await admin.get(`/api/admin/feedback?limit=1&cursor=${first.next_cursor}`)).body).toMatchObject({ items: [{ value: 'up' }], next_cursor: null })
  })

  it('is exported as CSV without a formula in it, and as JSON', async () => {
    const csv = await admin.request('GET', '/api/admin/feedback/export?format=csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="vasiliasbot-feedback-[\d-]{10}\.csv"$/)
    const [header, down, up] = parseCsv(csv.text)
    expect(header!.slice(0, 4)).toEqual(['timestamp', 'value', 'comment', 'question'])
    expect(down!.slice(1, 4)).toEqual(['down', '', 'qwertz uiop'])
    expect(up![2]).toBe('\'=HYPERLINK("x"), thank you')
    const json = await admin.request('GET', '/api/admin/feedback/export?format=json&value=down')
    expect(json.body).toMatchObject([{ value: 'down', customer: { email: ben.user.email } }])
  })

  it('that was taken back is in neither', async () => {
    await ben.post('/api/chatbot/feedback', { message_id: replies.ben!.message_id, value: null })
    expect((await admin.get('/api/admin/feedback')).body.items).toHaveLength(1)
    expect((await admin.request('GET', '/api/admin/feedback/export?format=json')).body).toHaveLength(1)
  })
})

describe('the audit log', () => {
  it('tells who changed what, with before and after, and never a key', async () => {
    const { version } = (await admin.get('/api/admin/config')).body
    await admin.put('/api/admin/config', { version, bot_name: 'Vasili', rag_api_key: 'a-made-up-key-1234' })
    const { id } = (await admin.post('/api/admin/faqs', { question: 'Is there a piano?', answer: 'Yes.' })).body
    await admin.delete(`/api/admin/faqs/${id}`)
    const log = (await admin.get('/api/admin/audit')).body
    expect(log.items.slice(0, 3)).toMatchObject([
      { actor: { id: admin.user.id, name: 'Ada' }, action: 'delete', entity: 'faq', entity_id: id, before: { answer: 'Yes.' }, after: null },
      { action: 'create', entity: 'faq', entity_id: id, before: null },
      { action: 'update', entity: 'config', before: { bot_name: 'VasiliasBot' }, after: { bot_name: 'Vasili', rag_api_key_hint: '1234' } },
    ])
    expect(JSON.stringify(log)).not.toContain('a-made-up-key')
    expect((await admin.get(`/api/admin/audit?entity=faq&entity_id=${id}`)).body.items).toHaveLength(2)
    expect((await admin.get(`/api/admin/audit?actor=${anna.user.id}`)).body.items).toEqual([])
    expect((await admin.get('/api/admin/audit?actor=ada&entity=config')).body.items).toHaveLength(1)
    expect((await admin.get('/api/admin/audit?actor=nobody')).body.items).toEqual([])
    const today = new Date().toISOString().slice(0, 10)
    expect((await admin.get(`/api/admin/audit?actor=${admin.user.email}&from=${today}&to=${today}`)).body.items).toHaveLength(3)
    for (const other of ['to=2020-01-01', 'from=2100-01-01', 'from=1969-01-01&to=1969-12-31']) expect((await admin.get(`/api/admin/audit?${other}`)).body.items).toEqual([])
    const first = (await admin.get('/api/admin/audit?limit=1')).body
    expect((await admin.get(`/api/admin/audit?limit=1&cursor=${first.next_cursor}`)).body.items).toMatchObject([{ action: 'create', entity_id: id }])
    expect((await admin.get('/api/admin/audit?cursor=nonsense')).status).toBe(400)
  })
})
