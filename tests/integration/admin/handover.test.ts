import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { insertQuestion, insertReply } from '#server/db/messages'
import { finishAbandonedQuestions } from '#server/services/conversations/reply-to-question'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let ada: SignedInClient
let bea: SignedInClient
let anna: SignedInClient
let id: string
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer(rag.answer('From the documents.'))
})
afterAll(async () => {
  await api.close()
  await server.stop()
})
beforeEach(async () => {
  await api.reset()
  ada = await api.admin('Ada')
  bea = await api.admin('Bea')
  anna = await api.customer('Anna')
  id = (await ask(unknownQuestion())).body.conversation_id
})
afterEach(() => api.settled())

const ask = (text: string, more = {}) => anna.post('/api/chatbot/messages', { message_text: text, ...more })
const history = async () => (await anna.get(`/api/chatbot/conversations/${id}/messages`)).body as { id: string, seq: number, sender: string, text: string, pending?: true, reply_to?: string, client_message_id?: string }[]
const claim = (admin = ada, body = {}) => admin.post(`/api/admin/conversations/${id}/claim`, body)
const say = (text: string, more = {}, admin = ada) => admin.post(`/api/admin/conversations/${id}/messages`, { text, ...more })
const handBack = (admin = ada) => admin.post(`/api/admin/conversations/${id}/hand-back`)
const waiting = async () => (await ada.get('/api/admin/conversations/waiting')).body
const gapless = (messages: { seq: number }[]) => expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))

describe('asking for a person', () => {
  it('puts the conversation on the list, with the question that got no answer, and the bot says so', async () => {
    const reply = await ask('I would like to talk to a person')
    expect(reply).toMatchObject({ status: 200, body: { sender: 'bot', source: 'fallback', text: expect.stringContaining('I have told our planners') } })
    expect(await waiting()).toMatchObject({ waiting: 1, items: [{ id, handling: 'waiting', handover_question: unknownQuestion(), last_question: 'I would like to talk to a person', customer: { name: 'Anna' }, agent: null, waiting_since: expect.any(String) }] })
    expect((await ada.get(`/api/admin/conversations/${id}`)).body).toMatchObject({ handling: 'waiting', handover_question: unknownQuestion() })
    expect((await ada.get('/api/admin/conversations')).body.items).toMatchObject([{ id, handling: 'waiting' }])
    const poll = await anna.get(`/api/chatbot/conversations/${id}/messages`)
    expect(poll.headers.get('x-conversation-handling')).toBe('waiting')
  })

  it('works in Greek, and outside of office hours says when and where to write to', async () => {
    // Only in one minute of the week is this office open, and it is not this one.
    const soon = new Date(Date.now() + 3 * 86_400_000)
    await configure({ contactEmail: 'hello@example.com', officeHours: { zone: 'UTC', week: [{ day: (soon.getUTCDay() + 6) % 7 + 1, from: '09:00', to: '09:01' }] } })
    expect((await ask('Θέλω να μιλήσω με άνθρωπο')).body.text).toMatch(/στις 09:00.*mailto:hello@example\.com/)
    expect((await ask('talk to a human')).body.text).toMatch(/back on \w+day at 09:00.*mailto:hello@example\.com/)
    expect((await waiting()).waiting).toBe(1)
  })

  it('does not stop the bot while nobody has come, and a picked FAQ is no wish', async () => {
    await ask('I want to talk to a person')
    expect((await ask('What happens if it rains?')).body).toMatchObject({ source: 'faq', faq_matched: true })
    await handBack()
    const [faq] = (await anna.get('/api/chatbot/faqs')).body
    expect((await ask('I want to talk to a person', { faq_id: faq.id })).body).toMatchObject({ source: 'faq', faq_id: faq.id })
    expect((await waiting()).items).toEqual([])
  })

  it('is over when the customer closes the conversation', async () => {
    await ask('I want to talk to a person')
    await anna.post(`/api/chatbot/conversations/${id}/close`)
    expect(await waiting()).toMatchObject({ waiting: 0, items: [] })
  })
})

describe('a person who answers', () => {
  it('is heard by the customer’s poll, the bot keeps quiet, and after handing back it answers again', async () => {
    const before = await anna.get(`/api/chatbot/conversations/${id}/messages`)
    expect(await claim()).toMatchObject({ status: 200, body: { conversation_id: id, handling: 'person', agent: { id: ada.user.id, name: 'Ada' } } })
    const said = await say('Good evening, Ada here.')
    expect(said).toMatchObject({ status: 201, body: { sender: 'agent', seq: 3, text: 'Good evening, Ada here.', conversation_id: id } })
    const poll = await anna.get(`/api/chatbot/conversations/${id}/messages`, { 'if-none-match': before.headers.get('etag')! })
    expect([poll.status, poll.headers.get('x-conversation-handling')]).toEqual([200, 'person'])
    expect(poll.body.at(-1)).toMatchObject({ sender: 'agent', text: 'Good evening, Ada here.' })

    const question = await ask('What happens if it rains?', { accept_pending: true })
    expect(question).toMatchObject({ status: 202, body: { conversation_id: id, handled_by: 'person', question: { sender: 'customer', seq: 4, text: 'What happens if it rains?' } } })
    expect(question.body.question.pending).toBeUndefined()
    expect(await ask(unknownQuestion(1))).toMatchObject({ status: 202, body: { handled_by: 'person' } })
    await finishAbandonedQuestions(null)
    await finishAbandonedQuestions(id)
    const messages = await history()
    expect(messages.map(({ sender }) => sender)).toEqual(['customer', 'bot', 'agent', 'customer', 'customer'])
    expect(messages.some(({ pending }) => pending)).toBe(false)
    gapless(messages)
    expect(await waiting()).toMatchObject({ waiting: 1, items: [{ id, handling: 'person', agent: { name: 'Ada' }, last_question: unknownQuestion(1) }] })
    await say('It is covered.')
    expect(await waiting()).toMatchObject({ waiting: 0, items: [{ id, waiting_since: null }] })

    expect(await handBack()).toMatchObject({ status: 200, body: { handling: 'bot', agent: null, waiting_since: null } })
    expect((await handBack()).body.handling).toBe('bot')
    expect((await ask('What happens if it rains?')).body).toMatchObject({ source: 'faq' })
    expect((await history()).filter(({ sender }) => sender === 'bot')).toHaveLength(2)
    gapless(await history())
    expect((await ada.get('/api/admin/audit?entity=conversation')).body.items).toMatchObject([{ action: 'hand_back' }, { action: 'take_over', before: { handling: 'bot' }, after: { handling: 'person', agent: 'Ada' } }])
    const detail = (await ada.get(`/api/admin/conversations/${id}`)).body.messages
    expect(detail[2]).toMatchObject({ sender: 'agent', agent_name: 'Ada' })
  })

  it('takes over by writing; the same client id is one message, also at the same moment', async () => {
    const clientId = randomUUID()
    const sent = await Promise.all([1, 2, 3].map(() => say('Hello', { client_message_id: clientId })))
    expect(new Set(sent.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    expect(sent[0]).toMatchObject({ status: 201, body: { client_message_id: clientId } })
    expect((await say('Other words', { client_message_id: clientId })).body.code).toBe('CONFLICT')
    const messages = await history()
    expect(messages.filter(({ sender }) => sender === 'agent')).toHaveLength(1)
    expect(messages.at(-1)!.client_message_id).toBeUndefined()
    gapless(messages)
  })

  it('cannot be rated', async () => {
    const { body } = await say('Hello')
    expect((await anna.post('/api/chatbot/feedback', { message_id: body.id, value: 'up' })).body.code).toBe('VALIDATION_ERROR')
  })

  it('keeps the conversation until a colleague takes it over on purpose', async () => {
    const [first, second] = await Promise.all([claim(ada), claim(bea)])
    expect([first.status, second.status].sort()).toEqual([200, 409])
    const [owner, other] = first.status === 200 ? [ada, bea] : [bea, ada]
    expect(await claim(other)).toMatchObject({ status: 409, body: { code: 'CONFLICT', current: { handling: 'person', agent: { name: owner.user.name } } } })
    expect((await say('Me too', {}, other)).status).toBe(409)
    expect((await claim(owner)).status).toBe(200)
    expect((await claim(other, { take_over: true })).body.agent.id).toBe(other.user.id)
    expect((await say('Now I', {}, other)).status).toBe(201)
    expect((await say('Not any more', {}, owner)).status).toBe(409)
  })

  it('cannot write where the conversation is closed, nor say nothing, nor where there is none', async () => {
    expect((await say('  ')).status).toBe(400)
    expect((await say('x'.repeat(2001))).status).toBe(400)
    expect((await ada.post(`/api/admin/conversations/${id}/messages`, {})).status).toBe(400)
    expect((await claim(ada, { take_over: 'yes' })).status).toBe(400)
    await anna.post(`/api/chatbot/conversations/${id}/close`)
    expect(await say('Hello')).toMatchObject({ status: 409, body: { error: expect.stringContaining('closed') } })
    expect((await claim()).status).toBe(409)
    for (const path of ['claim', 'hand-back', 'messages']) expect((await ada.post(`/api/admin/conversations/${randomUUID()}/${path}`, { text: 'x' })).status).toBe(404)
  })
})

describe('a question on its way to the bot', () => {
  const leftBehind = async (leaseMs: number) => {
    const question = { id: v7(), customerId: anna.user.id, conversationId: null, text: unknownQuestion(7), createdAt: new Date(), clientMessageId: v7(), page: null, faqId: null }
    await insertQuestion(question, { by: v7(), leaseMs })
    return question
  }
  const reply = (text = 'Late') => ({ id: v7(), text, createdAt: new Date(), source: 'rag' as const, faqId: null, score: null, suggestions: [], citations: [] })

  it('is left to the person who takes over, and no recovery and no late reply answers it', async () => {
    const question = await leftBehind(60_000)
    expect((await history()).at(-1)).toMatchObject({ pending: true })
    expect((await claim()).body.waiting_since).not.toBeNull()
    expect(await insertReply(question.id, reply())).toBeNull()
    await finishAbandonedQuestions(null)
    const messages = await history()
    expect(messages.at(-1)).toMatchObject({ id: question.id })
    expect(messages.at(-1)!.pending).toBeUndefined()
    expect(await anna.post('/api/chatbot/messages', { message_text: question.text, client_message_id: question.clientMessageId })).toMatchObject({ status: 202, body: { handled_by: 'person', question: { id: question.id } } })
    await handBack()
    await finishAbandonedQuestions(null)
    expect((await history()).filter(message => message.reply_to === question.id)).toEqual([])
  })

  it('tells a waiting customer when a person takes over while the RAG service is asked', async () => {
    let answer = () => {}
    const held = new Promise<void>(resolve => answer = resolve)
    const slow = await startRagServer(async (request, response) => {
      await held
      return rag.answer('Too late.')(request, response)
    })
    await configure({ ragApiUrl: slow.url, ragTimeoutMs: 20_000, ragLateAnswerMs: 0 })
    const asked = ask(unknownQuestion(9))
    await vi.waitFor(() => expect(slow.requests).toHaveLength(1))
    await claim()
    answer()
    expect(await asked).toMatchObject({ status: 202, body: { handled_by: 'person' } })
    expect((await history()).at(-1)).toMatchObject({ sender: 'customer' })
    await slow.stop()
  })

  it('never leaves a gap, a second reply or a bot’s word after the claim, whatever happens at once', async () => {
    for (let round = 0; round < 5; round++) {
      const question = await leftBehind(60_000)
      const [claimed] = await Promise.all([claim(), insertReply(question.id, reply()), ask(unknownQuestion(20 + round)), ask('What happens if it rains?'), say(`Hello ${round}`)])
      expect(claimed.status).toBe(200)
      await api.settled()
      const messages = await history()
      gapless(messages)
      const first = messages.findIndex(message => message.sender === 'agent' && message.text === `Hello ${round}`)
      expect(messages.slice(first).filter(({ sender }) => sender === 'bot')).toEqual([])
      expect(messages.some(({ pending }) => pending)).toBe(false)
      await handBack()
    }
  })
})

it('takes office hours as settings, and refuses what are none', async () => {
  const { version } = (await ada.get('/api/admin/config')).body
  const hours = { zone: 'Europe/Athens', week: [{ day: 1, from: '09:00', to: '17:00' }] }
  const saved = await ada.put('/api/admin/config', { version, office_hours: hours })
  expect(saved).toMatchObject({ status: 200, body: { office_hours: hours } })
  expect((await ada.put('/api/admin/config', { version: saved.body.version, office_hours: { zone: 'Nowhere', week: [] } })).status).toBe(400)
  expect((await ada.put('/api/admin/config', { version: saved.body.version, office_hours: null })).body.office_hours).toBeNull()
})
