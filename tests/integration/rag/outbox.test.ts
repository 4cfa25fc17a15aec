import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { sql } from 'drizzle-orm'
import { rowsOf } from '#server/db/client'
import { claimDeliveries, releaseDeliveries } from '#server/db/deliveries'
import { deliverDue, stopDelivering } from '#server/services/outbox/deliver-feedback'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { answers, bodies, urlOf } from '../../support/rag-formats'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

// The first question loads the matcher's models, which takes its time on a loaded machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
let message: string
beforeAll(async () => {
  api = await startApi({ variables: { CRON_SECRET: 'cron-secret-0123456789' } })
  server = await startRagServer()
}, 120_000)
beforeEach(async () => {
  await api.settled()
  await rowsOf(sql`delete from feedback_deliveries`)
  server.forget()
  server.on('/ask/feedback', rag.status(200))
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragFeedbackUrl: null, ragTimeoutMs: 5_000, ragLateAnswerMs: 0, key: 'secret' })
  anna = await api.customer()
  message = (await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })).body.message_id
  server.requests.length = 0
})
afterAll(async () => {
  await api.close()
  await server.stop()
})

const rate = async (value: 'up' | 'down' | null, comment?: string) => (await anna.post('/api/chatbot/feedback', { message_id: message, value, comment })).body.feedback_id
const deliveries = () => rowsOf<{ id: string, version: number, status: string, attempts: number, last_error: string | null, wait: number }>(sql`select id, version, status, attempts, last_error, extract(epoch from next_attempt_at - now())::float as wait from feedback_deliveries order by version`)
const makeDue = () => rowsOf(sql`update feedback_deliveries set next_attempt_at = now() where status = 'pending'`)
const told = () => server.requests.filter(request => request.path.endsWith('/feedback')).map(request => (request.body as { value: string | null }).value)

describe('a rating', () => {
  it('reaches the RAG API soon after it is stored, with its key', async () => {
    const feedbackId = await rate('up', 'Thank you')
    await api.settled()
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/ask/feedback', body: { feedback_id: feedbackId, message_id: message, customer_id: anna.user.id, value: 'up', comment: 'Thank you' }, headers: { 'authorization': 'Bearer secret', 'idempotency-key': `${feedbackId}:1`, 'x-request-id': expect.any(String) } }])
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 1 }])
  })

  it('that changed never arrives before the first, and each version has a key of its own', async () => {
    server.on('/ask/feedback', rag.status(500))
    const id = await rate('up')
    await api.settled()
    await rate('down')
    await rate(null)
    await api.settled()
    // Only the first version is tried while it has not arrived.
    expect(new Set(told())).toEqual(new Set(['up']))
    server.requests.length = 0
    server.on('/ask/feedback', rag.status(204))
    await makeDue()
    await deliverDue()
    expect(told()).toEqual(['up', 'down', null])
    expect(server.requests.map(request => request.headers['idempotency-key'])).toEqual([`${id}:1`, `${id}:2`, `${id}:3`])
  })

  it.each([['500', rag.status(500), 'status 500'], ['401', rag.status(401), 'status 401'], ['a reset', rag.reset(), 'connection cut off (UND_ERR_SOCKET)']])('is tried again after %s, with growing pauses, and is not lost', async (_, behaviour, error) => {
    server.on('/ask/feedback', behaviour)
    await rate('down')
    await api.settled()
    const [first] = await deliveries()
    expect(first).toMatchObject({ status: 'pending', attempts: 1, last_error: expect.stringContaining(error.split(' (')[0]!.startsWith('conn') ? 'connection' : error) })
    expect(first!.wait).toBeLessThanOrEqual(3)
    // Not due yet: nothing happens.
    await deliverDue()
    expect((await deliveries())[0]!.attempts).toBe(1)
    for (let n = 0; n < 3; n++) {
      await makeDue()
      await deliverDue()
    }
    const [fourth] = await deliveries()
    expect(fourth!.attempts).toBe(4)
    expect(fourth!.wait).toBeGreaterThan(14)
    expect(fourth!.wait).toBeLessThanOrEqual(24)
    server.on('/ask/feedback', rag.status(200))
    await makeDue()
    expect(await deliverDue()).toEqual({ delivered: 1, failed: 0 })
  })

  it('is given up after a week, kept, shown, and sent again when an admin says so', async () => {
    server.on('/ask/feedback', rag.status(500))
    await rate('down')
    await api.settled()
    await rowsOf(sql`update feedback_deliveries set give_up_at = now() - interval '1 minute'`)
    await makeDue()
    await deliverDue()
    const admin = await api.admin()
    const { body } = await admin.get('/api/admin/outbox?status=given_up')
    expect(body).toMatchObject({ items: [{ status: 'given_up', attempts: 2, last_error: 'status 500', value: 'down', message_id: message }], next_cursor: null })
    server.on('/ask/feedback', rag.status(200))
    expect(await admin.post(`/api/admin/outbox/${body.items[0].id}/retry`)).toMatchObject({ status: 200, body: { status: 'pending' } })
    await api.settled()
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }])
    expect((await admin.post(`/api/admin/outbox/${body.items[0].id}/retry`)).status).toBe(409)
    expect((await admin.post('/api/admin/outbox/0198a000-0000-7000-8000-000000000001/retry')).status).toBe(404)
  })

  it('goes to the address the admin names', async () => {
    await configure({ ragFeedbackUrl: `${server.origin}/rated` })
    server.on('/rated', rag.status(200))
    await rate('up')
    await api.settled()
    expect(server.requests.map(request => request.path)).toEqual(['/rated'])
  })

  it('waits while nothing is configured to take it', async () => {
    server.on('/ask/feedback', rag.status(500))
    await rate('up')
    await api.settled()
    await configure({ ragApiUrl: null })
    await makeDue()
    expect(await deliverDue()).toEqual({ delivered: 0, failed: 0 })
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 1 }])
  })
})

describe('a server that stops', () => {
  it('cuts a delivery off and lets go of it, and the next one sends it again under the same key', async () => {
    server.on('/ask/feedback', rag.hang())
    const id = await rate('up')
    await vi.waitFor(() => expect(told()).toEqual(['up']))
    await stopDelivering()
    await stopDelivering()
    expect(await deliveries()).toMatchObject([{ status: 'pending', last_error: null }])
    await api.settled()
    server.on('/ask/feedback', rag.status(200))
    await makeDue()
    expect(await deliverDue()).toEqual({ delivered: 1, failed: 0 })
    expect(server.requests.map(request => request.headers['idempotency-key'])).toEqual([`${id}:1`, `${id}:1`])
  })
})

describe('two servers over one outbox', () => {
  it('never take the same rating, and a dead one’s is free after its lease', async () => {
    server.on('/ask/feedback', rag.status(500))
    await rate('up')
    await api.settled()
    await makeDue()
    const [one, two] = ['0198a000-0000-7000-8000-00000000000a', '0198a000-0000-7000-8000-00000000000b']
    const taken = await Promise.all([one, two, one, two].map(by => claimDeliveries({ by: by!, leaseMs: 60_000, limit: 8 })))
    expect(taken.flat().length).toBe(1)
    expect(await deliverDue()).toEqual({ delivered: 0, failed: 0 })
    await releaseDeliveries(null)
    server.on('/ask/feedback', rag.status(200))
    expect(await deliverDue()).toEqual({ delivered: 1, failed: 0 })
  })
})

describe('Dify and Flowise', () => {
  it('hear of ratings of their own replies, under the names they gave them', async () => {
    server.always(answers('dify', 'From Dify.'))
    await configure({ ragApiUrl: `${server.origin}/v1`, ragApiFormat: 'dify' })
    const reply = (await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(1) })).body
    await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(2) })
    expect(server.requests.map(request => (request.body as { conversation_id: string }).conversation_id)).toEqual(['', 'c-1'])
    expect(reply.citations).toEqual([{ title: 'menu.md', url: null }])
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'up' })
    // A reply of another format is nothing to Dify.
    await rate('up')
    await api.settled()
    expect(server.requests.slice(2)).toMatchObject([{ path: '/v1/messages/m-1/feedbacks', body: { rating: 'like', user: anna.user.id } }])
    server.forget()
    server.always(rag.json(bodies.flowise('From Flowise.')))
    await configure({ ragApiUrl: urlOf('flowise', server), ragApiFormat: 'flowise' })
    const other = (await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(3) })).body
    await anna.post('/api/chatbot/feedback', { message_id: other.id, value: 'down', comment: 'Wrong' })
    await api.settled()
    expect(server.requests.at(-1)).toMatchObject({ path: '/api/v1/feedback', body: { chatflowid: 'flow-1', chatId: 'f-1', messageId: 'fm-1', rating: 'THUMBS_DOWN', content: 'Wrong' } })
  })
})

describe('POST /api/cron/deliver', () => {
  it('delivers what is due for whoever knows the secret', async () => {
    server.on('/ask/feedback', rag.status(500))
    await rate('up')
    await api.settled()
    await makeDue()
    server.on('/ask/feedback', rag.status(200))
    expect((await api.visitor().post('/api/cron/deliver')).status).toBe(401)
    expect((await api.visitor().post('/api/cron/deliver', {}, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect(await api.visitor().post('/api/cron/deliver', {}, { authorization: 'Bearer cron-secret-0123456789' })).toMatchObject({ status: 200, body: { delivered: 1, failed: 0 } })
    await vi.waitFor(async () => expect(await deliveries()).toMatchObject([{ status: 'delivered' }]))
  })
})
