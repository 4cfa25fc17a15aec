import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
let reply: { id: string, reply_to: string, conversation_id: string }
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
  reply = (await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })).body
})

const rate = (client: SignedInClient, body: object, headers?: Record<string, string>) => client.post('/api/chatbot/feedback', body, headers)
const shown = async () => (await anna.get(`/api/chatbot/conversations/${reply.conversation_id}/messages`)).body[1].feedback

describe('POST /api/chatbot/feedback', () => {
  it('stores, changes and takes back one rating a message', async () => {
    const up = await rate(anna, { message_id: reply.id, value: 'up' })
    expect(up).toMatchObject({ status: 200, body: { success: true, feedback_id: expect.any(String) } })
    expect(await shown()).toEqual({ id: up.body.feedback_id, value: 'up', comment: null })

    const down = await rate(anna, { message_id: reply.id, value: 'down', comment: 'I meant snow' })
    expect(down.body.feedback_id).toBe(up.body.feedback_id)
    expect(await shown()).toEqual({ id: up.body.feedback_id, value: 'down', comment: 'I meant snow' })

    expect((await rate(anna, { message_id: reply.id, value: null })).body).toEqual({ success: true, feedback_id: null })
    expect(await shown()).toBeUndefined()
    expect(await rowsOf(sql`select count(*)::int as count from feedback`)).toEqual([{ count: 1 }])
  })

  it('takes back what was never given without complaint', async () => {
    expect((await rate(anna, { message_id: reply.id, value: null })).body).toEqual({ success: true, feedback_id: null })
  })

  it('stores one rating of ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => rate(anna, { message_id: reply.id, value: i % 2 ? 'up' : 'down' })))
    expect(answers.map(answer => answer.status)).toEqual(Array(10).fill(200))
    expect(await rowsOf(sql`select count(*)::int as count from feedback`)).toEqual([{ count: 1 }])
  })

  it('queues nothing while no RAG API is configured', async () => {
    await rate(anna, { message_id: reply.id, value: 'up' })
    expect(await rowsOf(sql`select count(*)::int as count from feedback_deliveries`)).toEqual([{ count: 0 }])
  })

  it('refuses the customer’s own message', async () => {
    const refused = await rate(anna, { message_id: reply.reply_to, value: 'up' })
    expect([refused.status, refused.body.code, refused.body.details[0].path]).toEqual([400, 'VALIDATION_ERROR', 'message_id'])
  })

  it('does not tell somebody else’s message from one that does not exist', async () => {
    const bella = await api.customer('Bella')
    for (const message_id of [reply.id, randomUUID()]) {
      const refused = await rate(bella, { message_id, value: 'up' })
      expect([refused.status, refused.body.code]).toEqual([404, 'NOT_FOUND'])
    }
    expect(await shown()).toBeUndefined()
  })

  it.each([
    ['no value', { }],
    ['another value', { value: 'sideways' }],
    ['a comment of 1,001 characters', { value: 'down', comment: 'x'.repeat(1001) }],
    ['an id that is none', { message_id: 'that one', value: 'up' }],
  ])('refuses %s', async (_, body) => {
    const refused = await rate(anna, { message_id: reply.id, ...body })
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('refuses strangers and other sites', async () => {
    expect((await api.visitor().post('/api/chatbot/feedback', { message_id: reply.id, value: 'up' })).status).toBe(401)
    expect((await rate(anna, { message_id: reply.id, value: 'up' }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await anna.get('/api/chatbot/feedback')).headers.get('allow')).toBe('POST')
  })
})
