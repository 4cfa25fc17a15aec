import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeRagConnections } from '#server/services/answering/rag/http/dispatcher'
import { defaultConfig } from '#server/services/config/default-config'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { answers, formats, misbehaviours, urlOf } from '../../support/rag-formats'
import { refusedUrl, startRagServer, type RagServer } from '../../support/rag-server'

const LIMIT_MS = 500
const LATE_MS = 1_000

// The first question loads the matcher's models, which takes its time on a loaded machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let plainClient: SignedInClient
let widget: SignedInClient
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer()
  plainClient = await api.customer('Plain')
  widget = await api.customer('Widget')
  // Models and indexes are loaded before anything is timed.
  await plainClient.post('/api/chatbot/messages', { message_text: unknownQuestion() })
}, 120_000)
afterAll(async () => {
  await api.close()
  await server.stop()
})

/** The reply that polling brings. */
async function polledReply(client: SignedInClient, pending: { conversation_id: string, question: { id: string } }) {
  return vi.waitFor(async () => {
    const { body } = await client.get(`/api/chatbot/conversations/${pending.conversation_id}/messages?limit=100&before=1000000`)
    const reply = body.find((message: { reply_to?: string }) => message.reply_to === pending.question.id)
    expect(reply).toBeDefined()
    return reply
  }, { timeout: 5_000, interval: 50 })
}

/** A second beyond the limit; more where this machine is so busy that even a list of conversations takes its time. */
async function slack(): Promise<number> {
  const started = performance.now()
  await plainClient.get('/api/chatbot/conversations')
  return Math.max(1_000, 20 * (performance.now() - started))
}

async function askBoth(n: number) {
  const text = unknownQuestion(n)
  const started = performance.now()
  const took = () => performance.now() - started
  return Promise.all([
    plainClient.post('/api/chatbot/messages', { message_text: text }).then(response => ({ response, ms: took() })),
    widget.post('/api/chatbot/messages', { message_text: text, accept_pending: true }).then(async (response) => {
      const firstMs = took()
      const reply = response.status === 202 ? await polledReply(widget, response.body) : response.body
      return { response, reply, firstMs, ms: took() }
    }),
  ])
}

describe.each(formats)('a RAG API of the format %s', (format) => {
  const ways = Object.entries(misbehaviours)
  it.each([...ways.map(([name], n) => [name, n] as const), ['refuses the connection', ways.length] as const])('that %s: the fallback in time, for a plain client and for the widget', { retry: 2 }, async (name, n) => {
    server.forget()
    const refusing = name === 'refuses the connection'
    if (!refusing) server.always(misbehaviours[name]!(format))
    const url = refusing ? new URL(new URL(urlOf(format, server)).pathname, await refusedUrl()).href : urlOf(format, server)
    await configure({ ragApiUrl: url, ragApiFormat: format, ragTimeoutMs: LIMIT_MS, ragLateAnswerMs: LATE_MS, key: 'secret' })
    const before = await slack()
    const [plain, pending] = await askBoth(n)
    const beyond = Math.max(before, await slack())
    expect(plain.response).toMatchObject({ status: 200, body: { source: 'fallback', text: defaultConfig.fallbackMessage } })
    expect(plain.ms).toBeLessThan(LIMIT_MS + beyond)
    expect(pending.reply).toMatchObject({ source: 'fallback', text: defaultConfig.fallbackMessage })
    expect(pending.firstMs).toBeLessThan(LIMIT_MS + beyond)
    expect(pending.ms).toBeLessThan(LATE_MS + beyond)
    await closeRagConnections()
    await vi.waitFor(() => expect(server.openSockets()).toBe(0))
  })

  it('that answers: its answer, at once', async () => {
    server.forget()
    server.always(answers(format, 'Yes, we do.'))
    await configure({ ragApiUrl: urlOf(format, server), ragApiFormat: format, ragTimeoutMs: 5_000, ragLateAnswerMs: 10_000, key: 'secret' })
    const [plain, pending] = await askBoth(99)
    expect(plain.response).toMatchObject({ status: 200, body: { source: 'rag', text: 'Yes, we do.' } })
    expect(pending.response).toMatchObject({ status: 200, body: { source: 'rag', text: 'Yes, we do.' } })
    expect(server.requests[0]!.headers).toMatchObject({ 'authorization': 'Bearer secret', 'x-request-id': plain.response.headers.get('x-request-id') === server.requests[0]!.headers['x-request-id'] ? plain.response.headers.get('x-request-id') : pending.response.headers.get('x-request-id') })
  })
})
