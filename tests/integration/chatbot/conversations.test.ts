import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer } from '../../support/rag-server'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
let bella: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
  bella = await api.customer('Bella')
})

const ask = async (client: SignedInClient, message_text: string) => (await client.post('/api/chatbot/messages', { message_text })).body
const historyPath = (id: string, query = '') => `/api/chatbot/conversations/${id}/messages${query}`

describe('GET /api/chatbot/conversations', () => {
  it('lists a customer’s own conversations, newest first, active ones unless asked otherwise', async () => {
    const first = await ask(anna, 'one')
    await anna.post(`/api/chatbot/conversations/${first.conversation_id}/close`)
    const second = await ask(anna, 'two')
    await ask(bella, 'three')
    const active = (await anna.get('/api/chatbot/conversations')).body
    expect(active).toEqual([{ id: second.conversation_id, status: 'active', started_at: expect.any(String), ended_at: null, message_count: 2, last_message_at: second.timestamp }])
    const closed = (await anna.get('/api/chatbot/conversations?status=closed&limit=1')).body
    expect(closed).toEqual([{ id: first.conversation_id, status: 'closed', started_at: expect.any(String), ended_at: expect.any(String), message_count: 2, last_message_at: first.timestamp }])
  })

  it('is an empty list for somebody new', async () => {
    expect((await bella.get('/api/chatbot/conversations')).body).toEqual([])
  })

  it.each(['status=open', 'limit=0', 'limit=101', 'limit=ten', 'limit=1.5'])('refuses ?%s', async (query) => {
    const refused = await anna.get(`/api/chatbot/conversations?${query}`)
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_ERROR'])
  })
})

describe('GET /api/chatbot/conversations/{id}/messages', () => {
  it('gives the history by seq, in the contract’s shape', async () => {
    const client_message_id = randomUUID()
    const reply = (await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?', client_message_id })).body
    const { status, headers, body } = await anna.get(historyPath(reply.conversation_id))
    expect(status).toBe(200)
    expect(headers.get('x-conversation-status')).toBe('active')
    expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
    expect(headers.get('link')).toBeNull()
    expect(body).toEqual([
      { id: reply.reply_to, sender: 'customer', text: 'What happens if it rains?', timestamp: expect.any(String), seq: 1, client_message_id },
      { id: reply.id, sender: 'bot', text: reply.text, timestamp: reply.timestamp, seq: 2, reply_to: reply.reply_to, source: 'faq', faq_id: reply.faq_id },
    ])
  })

  it('answers an idle poll with 304 and no body, and anything new with 200', async () => {
    const { conversation_id, id } = await ask(anna, 'one')
    const first = await anna.get(historyPath(conversation_id, '?after=2'))
    expect(first.body).toEqual([])
    const idle = { 'if-none-match': first.headers.get('etag')! }
    const poll = () => anna.get(historyPath(conversation_id, '?after=2'), idle)
    expect(await poll()).toMatchObject({ status: 304, text: '' })

    await ask(anna, 'two')
    const news = await poll()
    expect(news.status).toBe(200)
    expect(news.body.map((message: { seq: number }) => message.seq)).toEqual([3, 4])

    const beforeRating = (await poll()).headers.get('etag')!
    await anna.post('/api/chatbot/feedback', { message_id: id, value: 'up' })
    const afterRating = await anna.get(historyPath(conversation_id), { 'if-none-match': beforeRating })
    expect(afterRating.status).toBe(200)
    expect(afterRating.body[1].feedback).toMatchObject({ value: 'up', comment: null })

    const beforeClosing = { 'if-none-match': afterRating.headers.get('etag')! }
    await anna.post(`/api/chatbot/conversations/${conversation_id}/close`)
    const closed = await anna.get(historyPath(conversation_id), beforeClosing)
    expect([closed.status, closed.headers.get('x-conversation-status')]).toEqual([200, 'closed'])
  })

  it('pages forwards with after and a link, and upwards with before', async () => {
    for (const text of ['one', 'two', 'three']) await ask(anna, text)
    const { id } = (await anna.get('/api/chatbot/conversations')).body[0]
    const seqs = async (path: string) => {
      const page = await anna.get(path)
      return { seqs: page.body.map((message: { seq: number }) => message.seq), next: page.headers.get('link')?.match(/<(.+)>; rel="next"/)?.[1] }
    }
    const first = await seqs(historyPath(id, '?limit=4'))
    expect(first.seqs).toEqual([1, 2, 3, 4])
    expect(await seqs(first.next!)).toEqual({ seqs: [5, 6], next: undefined })
    const newest = await seqs(historyPath(id, '?before=7&limit=4'))
    expect(newest.seqs).toEqual([3, 4, 5, 6])
    expect(await seqs(newest.next!)).toEqual({ seqs: [1, 2], next: undefined })
  })

  it.each(['after=-1', 'after=x', 'after=1.5', 'limit=0', 'limit=101'])('refuses ?%s', async (query) => {
    const { conversation_id } = await ask(anna, 'one')
    expect((await anna.get(historyPath(conversation_id, `?${query}`))).body.code).toBe('VALIDATION_ERROR')
  })

  it.each([
    ['GET', 'messages'],
    ['GET', 'transcript'],
    ['POST', 'close'],
    ['POST', 'transcript'],
  ])('keeps strangers from %s %s: 401 signed out, 404 for somebody else, as for an unknown or impossible id', async (method, what) => {
    const { conversation_id } = await ask(anna, 'mine')
    const body = method === 'POST' ? { delivery: 'email' } : undefined
    const visit = (client: { request: SignedInClient['request'] }, id: string) => client.request(method, `/api/chatbot/conversations/${id}/${what}`, { body })
    expect((await visit(api.visitor(), conversation_id)).status).toBe(401)
    for (const id of [conversation_id, randomUUID(), 'mine', '%00', '1']) {
      const refused = await visit(bella, id)
      expect([id, refused.status, refused.body.code]).toEqual([id, 404, 'NOT_FOUND'])
    }
  })

  it('refuses wrong methods with the right ones named', async () => {
    const { conversation_id } = await ask(anna, 'mine')
    const refused = await anna.post(historyPath(conversation_id))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    const close = await anna.get(`/api/chatbot/conversations/${conversation_id}/close`)
    expect([close.status, close.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('POST /api/chatbot/conversations/{id}/close', () => {
  it('closes once and answers the same again', async () => {
    const { conversation_id } = await ask(anna, 'mine')
    const first = await anna.post(`/api/chatbot/conversations/${conversation_id}/close`)
    expect(first).toMatchObject({ status: 200, body: { id: conversation_id, status: 'closed', ended_at: expect.stringMatching(/Z$/) } })
    expect((await anna.post(`/api/chatbot/conversations/${conversation_id}/close`)).body).toEqual(first.body)
  })

  it('refuses another site’s page', async () => {
    const { conversation_id } = await ask(anna, 'mine')
    const crossed = await anna.post(`/api/chatbot/conversations/${conversation_id}/close`, {}, { origin: 'https://evil.example' })
    expect(crossed.status).toBe(403)
    expect((await anna.get('/api/chatbot/conversations')).body).toHaveLength(1)
  })
})

describe('the transcript', () => {
  it('is a text file by default, with every message', async () => {
    await ask(anna, 'Πόσο κοστίζει ένας γάμος;')
    const { conversation_id } = await ask(anna, 'What happens if it rains?')
    const file = await anna.get(`/api/chatbot/conversations/${conversation_id}/transcript`)
    expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="vasiliasbot-transcript-\d{4}-\d\d-\d\d\.txt"$/)
    expect(file.text).toContain('Πόσο κοστίζει ένας γάμος;')
    expect(file.text).toContain('plan B')
    expect(file.text).toContain('Anna:')
  })

  it('is the whole conversation as JSON', async () => {
    const { conversation_id } = await ask(anna, 'What happens if it rains?')
    const file = await anna.get(`/api/chatbot/conversations/${conversation_id}/transcript?format=json`)
    expect(file.headers.get('content-disposition')).toContain('.json"')
    expect(file.body).toMatchObject({ conversation: { id: conversation_id, message_count: 2 }, messages: [{ seq: 1 }, { seq: 2 }] })
  })

  it('is a PDF whose Greek can be read back', async () => {
    const { conversation_id } = await ask(anna, 'Πόσο κοστίζει;')
    const response = await fetch(`${api.origin}/api/chatbot/conversations/${conversation_id}/transcript?format=pdf`, { headers: { cookie: [...anna.cookies].map(pair => pair.join('=')).join('; ') } })
    expect(response.headers.get('content-type')).toBe('application/pdf')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(bytes.toString('latin1')).toContain('DejaVuSans')
  })

  it('refuses an unknown format, and says so where no mail server is set up', async () => {
    const { conversation_id } = await ask(anna, 'one')
    expect((await anna.get(`/api/chatbot/conversations/${conversation_id}/transcript?format=docx`)).body.code).toBe('VALIDATION_ERROR')
    const mail = await anna.post(`/api/chatbot/conversations/${conversation_id}/transcript`, { delivery: 'email' })
    expect([mail.status, mail.body.code]).toEqual([503, 'UNAVAILABLE'])
    expect((await anna.post(`/api/chatbot/conversations/${conversation_id}/transcript`, { delivery: 'fax' })).status).toBe(400)
  })
})

describe('DELETE /api/chatbot/conversations', () => {
  it('removes all of the customer’s conversations, and nothing of anybody else’s', async () => {
    const first = await ask(anna, 'one')
    await anna.post('/api/chatbot/feedback', { message_id: first.id, value: 'down', comment: 'Not this.' })
    await anna.post(`/api/chatbot/conversations/${first.conversation_id}/close`)
    const second = await ask(anna, 'two')
    const theirs = await ask(bella, 'three')
    const deleted = await anna.delete('/api/chatbot/conversations')
    expect([deleted.status, deleted.body]).toEqual([200, { deleted: 2 }])
    for (const { conversation_id: id } of [first, second]) expect((await anna.get(historyPath(id))).status).toBe(404)
    expect((await anna.get('/api/chatbot/conversations?status=closed')).body).toEqual([])
    expect((await anna.post('/api/chatbot/feedback', { message_id: first.id, value: 'up' })).status).toBe(404)
    expect(await rowsOf(sql`select value, comment, customer_id, message_id from feedback`)).toEqual([{ value: 'down', comment: null, customer_id: null, message_id: null }])
    expect((await bella.get(historyPath(theirs.conversation_id))).body).toHaveLength(2)
    expect((await anna.delete('/api/chatbot/conversations')).body).toEqual({ deleted: 0 })
    expect((await ask(anna, 'four')).seq).toBe(2)
  })

  it('lets a reply under way end quietly: there is nothing left to answer', async () => {
    const service = await startRagServer()
    let answerNow = () => {}
    const released = new Promise<void>(resolve => (answerNow = resolve))
    service.always(async (request, response) => {
      await released
      await rag.answer('Too late.')(request, response)
    })
    await configure({ ragApiUrl: service.url, ragApiFormat: 'plain', ragTimeoutMs: 20_000, ragLateAnswerMs: 0 })
    const asked = anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })
    await service.nextRequest()
    expect((await anna.delete('/api/chatbot/conversations')).body).toEqual({ deleted: 1 })
    answerNow()
    expect((await asked).status).toBe(404)
    expect((await anna.get('/api/chatbot/conversations')).body).toEqual([])
    await service.stop()
  })

  it('needs a customer, and no other site may ask for it', async () => {
    expect((await api.visitor().delete('/api/chatbot/conversations')).status).toBe(401)
    expect((await anna.delete('/api/chatbot/conversations', undefined, { origin: 'https://evil.example' })).status).toBe(403)
  })
})
