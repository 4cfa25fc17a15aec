import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { defaultConfig } from '#server/services/config/default-config'
import { settleReplies } from '#server/services/conversations/reply-to-question'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { answers } from '../../support/rag-formats'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

// The first question loads the matcher's models, which takes its time on a loaded machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer()
  anna = await api.customer()
  await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })
}, 120_000)
afterEach(() => server.forget())
afterAll(async () => {
  await api.close()
  await server.stop()
})

const late = (fields = {}) => configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 500, ragLateAnswerMs: 30_000, ...fields })
/** Answers when the test says so. */
function held(text: string) {
  let release = () => {}
  const released = new Promise<void>(resolve => release = resolve)
  return { behaviour: async (...args: Parameters<ReturnType<typeof answers>>) => {
    await released
    await answers('plain', text)(...args)
  }, release }
}
const ask = (n: number, more = {}) => anna.post('/api/chatbot/messages', { message_text: unknownQuestion(n), accept_pending: true, ...more })
const history = (id: string) => anna.get(`/api/chatbot/conversations/${id}/messages?before=1000000`)

describe('a late answer', () => {
  it('is announced with 202 and the stored question, and brought by a later poll', async () => {
    const { behaviour, release } = held('Found it.')
    server.always(behaviour)
    await late()
    const clientId = v7()
    const response = await ask(1, { client_message_id: clientId })
    expect(response.status).toBe(202)
    expect(response.body).toEqual({ conversation_id: expect.any(String), question: { id: expect.any(String), sender: 'customer', text: unknownQuestion(1), timestamp: expect.any(String), seq: expect.any(Number), client_message_id: clientId, pending: true } })
    const id = response.body.conversation_id
    const waiting = await history(id)
    expect(waiting.body.at(-1)).toEqual(response.body.question)
    expect(waiting.headers.get('x-poll-after-ms')).toBe('1000')
    release()
    await vi.waitFor(async () => expect((await history(id)).body.at(-1)).toMatchObject({ source: 'rag', text: 'Found it.', reply_to: response.body.question.id }), 5_000)
    const done = await history(id)
    expect(done.body.at(-2)).not.toHaveProperty('pending')
    expect(done.headers.get('x-poll-after-ms')).toBe(String(defaultConfig.pollingIntervalMs))
    expect(done.headers.get('etag')).not.toBe(waiting.headers.get('etag'))
    // The same send again gives the reply and stores nothing.
    expect(await ask(1, { client_message_id: clientId })).toMatchObject({ status: 200, body: { text: 'Found it.', reply_to: response.body.question.id } })
    expect((await history(id)).body.length).toBe(done.body.length)
  })

  it('is not waited for by other clients, nor where the config says 0', async () => {
    server.always(rag.hang())
    await late()
    expect(await ask(2, { accept_pending: false })).toMatchObject({ status: 200, body: { source: 'fallback' } })
    await late({ ragLateAnswerMs: 0 })
    expect(await ask(3)).toMatchObject({ status: 200, body: { source: 'fallback' } })
  })

  it('becomes the fallback for a plain client that repeats the send, and stays that when the answer comes', async () => {
    const { behaviour, release } = held('Too late.')
    server.always(behaviour)
    await late()
    const clientId = v7()
    expect((await ask(4, { client_message_id: clientId })).status).toBe(202)
    const repeated = await ask(4, { client_message_id: clientId, accept_pending: false })
    expect(repeated).toMatchObject({ status: 200, body: { source: 'fallback' } })
    release()
    await api.settled()
    const { body } = await history(repeated.body.conversation_id)
    expect(body.filter((message: { reply_to?: string }) => message.reply_to === repeated.body.reply_to).length).toBe(1)
  })

  it('is left to the next start when the server stops, and given then', async () => {
    server.always(rag.hang())
    await late()
    const { body: { conversation_id: id, question } } = await ask(5)
    await settleReplies(10)
    expect((await history(id)).body.at(-1)).toMatchObject({ id: question.id, pending: true })
    server.always(rag.answer('After the restart.'))
    await vi.waitFor(async () => expect((await history(id)).body.at(-1)).toMatchObject({ text: 'After the restart.', reply_to: question.id }), 5_000)
  })
})

describe('a client that goes away', () => {
  it('finds the reply at its next poll', async () => {
    const { behaviour, release } = held('You left.')
    server.always(behaviour)
    await late({ ragTimeoutMs: 10_000 })
    const leaving = new AbortController()
    const asked = anna.request('POST', '/api/chatbot/messages', { body: { message_text: unknownQuestion(6) }, signal: leaving.signal }).catch(() => 'gone')
    await server.nextRequest()
    leaving.abort()
    expect(await asked).toBe('gone')
    release()
    const { body: [conversation] } = await anna.get('/api/chatbot/conversations')
    await vi.waitFor(async () => expect((await history(conversation.id)).body.at(-1)).toMatchObject({ text: 'You left.', source: 'rag' }), 5_000)
  })
})
