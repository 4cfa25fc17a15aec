import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { claimQuestion, findReplyTo, insertQuestion, renewClaims } from '#server/db/messages'
import { finishAbandonedQuestions } from '#server/services/conversations/reply-to-question'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

// The first question loads the matcher's models, which takes its time on a loaded machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
let conversation: string
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer(rag.answer('From the documents.'))
}, 120_000)
beforeEach(async () => {
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 5_000, ragLateAnswerMs: 0 })
  anna = await api.customer()
  conversation = (await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })).body.conversation_id
  server.forget()
})
afterEach(() => api.settled())
afterAll(async () => {
  await api.close()
  await server.stop()
})

/** A question as a server leaves it that dies over it; its claim has `leaseMs` to go. */
async function leftBehind(n: number, leaseMs = -1) {
  const question = { id: v7(), customerId: anna.user.id, conversationId: null, text: unknownQuestion(n), createdAt: new Date(), clientMessageId: v7(), page: null, faqId: null }
  await insertQuestion(question, { by: v7(), leaseMs })
  return question
}
const history = () => anna.get(`/api/chatbot/conversations/${conversation}/messages?before=1000000`)
const repliesTo = async (id: string) => (await history()).body.filter((message: { reply_to?: string }) => message.reply_to === id)

describe('a question that a dead server left', () => {
  it('is answered by the next poll', async () => {
    const question = await leftBehind(1)
    expect((await history()).body.at(-1)).toMatchObject({ id: question.id, pending: true })
    await api.settled()
    expect(await repliesTo(question.id)).toMatchObject([{ text: 'From the documents.', source: 'rag' }])
  })

  it('is answered by the next message, before which it stood', async () => {
    const question = await leftBehind(2)
    await anna.post('/api/chatbot/messages', { message_text: unknownQuestion(3) })
    await api.settled()
    await vi.waitFor(async () => expect(await findReplyTo(question.id)).not.toBeNull())
    expect((await repliesTo(question.id)).length).toBe(1)
  })

  it('is answered by the next start, by the sweep and by the scheduler alike', async () => {
    const question = await leftBehind(4)
    await finishAbandonedQuestions(null)
    expect((await repliesTo(question.id)).length).toBe(1)
  })

  it('is answered by the repeated send', async () => {
    const question = await leftBehind(5)
    const response = await anna.post('/api/chatbot/messages', { message_text: question.text, client_message_id: question.clientMessageId })
    expect(response).toMatchObject({ status: 200, body: { source: 'rag', reply_to: question.id } })
  })

  it('is left alone while its server lives', async () => {
    const question = await leftBehind(6, 60_000)
    await history()
    await finishAbandonedQuestions(null)
    await api.settled()
    expect(await findReplyTo(question.id)).toBeNull()
    expect(server.requests).toEqual([])
  })

  it('gets the fallback from a plain repeated send where its server takes too long', async () => {
    await configure({ ragTimeoutMs: 500 })
    const question = await leftBehind(7, 60_000)
    const send = (more = {}) => anna.post('/api/chatbot/messages', { message_text: question.text, client_message_id: question.clientMessageId, ...more })
    await configure({ ragLateAnswerMs: 30_000 })
    expect((await send({ accept_pending: true })).status).toBe(202)
    expect(await send()).toMatchObject({ status: 200, body: { source: 'fallback', reply_to: question.id } })
  })

  it('is answered once however many ask for it at the same moment', async () => {
    const questions = await Promise.all([leftBehind(8), leftBehind(9), leftBehind(10)])
    await Promise.all([history(), history(), finishAbandonedQuestions(null), finishAbandonedQuestions(null), ...questions.map(question => anna.post('/api/chatbot/messages', { message_text: question.text, client_message_id: question.clientMessageId }))])
    await api.settled()
    for (const question of questions) expect((await repliesTo(question.id)).length).toBe(1)
    const asked = server.requests.map(request => (request.body as { message_id: string }).message_id)
    expect(asked.sort()).toEqual(questions.map(question => question.id).sort())
    const seqs = (await history()).body.map((message: { seq: number }) => message.seq)
    expect(seqs).toEqual(seqs.map((_: number, index: number) => index + 1))
  })
})

describe('a claim', () => {
  it('belongs to one, is prolonged by its owner only, and lapses', async () => {
    const question = await leftBehind(11)
    const [first, second] = [{ by: v7(), leaseMs: 60_000 }, { by: v7(), leaseMs: 60_000 }]
    const won = await Promise.all([claimQuestion(question.id, first), claimQuestion(question.id, second)])
    expect(won.filter(Boolean).length).toBe(1)
    const [owner, other] = won[0] ? [first, second] : [second, first]
    await renewClaims([question.id], { ...other, leaseMs: -1 })
    expect(await claimQuestion(question.id, other)).toBe(false)
    await renewClaims([question.id], { ...owner, leaseMs: -1 })
    expect(await claimQuestion(question.id, other)).toBe(true)
  })
})
