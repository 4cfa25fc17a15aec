import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagRequest, type RagServer } from '../../support/rag-server'

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer()
})
beforeEach(async () => {
  await api.settled()
  server.forget()
  anna = await api.customer()
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 10_000, ragLateAnswerMs: 0, maskPersonalData: true })
})
afterAll(async () => {
  await api.close()
  await server.stop()
})

const phone = '694 123 4567'
const email = 'anna.papadaki@example.gr'
const ask = async (text: string) => (await anna.post('/api/chatbot/messages', { message_text: `${unknownQuestion()} ${text}` })).body
/** Answers with the question itself, as a model that repeats what it heard. */
const echo = (request: RagRequest, response: Parameters<ReturnType<typeof rag.answer>>[1]) => rag.answer(`You said: ${(request.body as { text: string }).text}`, [{ title: (request.body as { text: string }).text, url: 'https://example.com/' }])(request, response)

it('takes personal data out of question and history, and puts it back in answer and sources', async () => {
  server.always(echo)
  const first = await ask(`brumble ${phone}, 20/06/2026, 150 frobs`)
  expect(first).toMatchObject({ source: 'rag', text: expect.stringContaining(`brumble ${phone}, 20/06/2026, 150 frobs`), citations: [{ title: expect.stringContaining(phone) }] })
  const second = await ask(`mibble ${email} grommet ${phone}`)
  expect(second.text).toContain(`${email} grommet ${phone}`)

  const sent = JSON.stringify(server.requests.map(request => request.body))
  expect(sent).not.toContain(phone)
  expect(sent).not.toContain(email)
  expect(sent).toContain('20/06/2026, 150 frobs')
  // The same number has the same placeholder in both turns, and in the history of the second.
  expect(new Set(sent.match(/\[PHONE_\w+\]/g))).toHaveProperty('size', 1)
  expect(server.requests).toHaveLength(2)

  // What is stored, and what the customer reads, is what they wrote.
  const stored = (await anna.get(`/api/chatbot/conversations/${first.conversation_id}/messages`)).body.map((message: { text: string }) => message.text).join('\n')
  expect(stored).not.toContain('[PHONE_')
  expect(stored.split(phone)).toHaveLength(5)
})

it('takes personal data out of a rating’s comment, under the placeholder that the conversation has, and keeps it for the site', async () => {
  server.always(echo)
  server.on('/ask/feedback', rag.status(204))
  const { id, conversation_id } = await ask(`brumble ${phone}`)
  const { body: { feedback_id } } = await anna.post('/api/chatbot/feedback', { message_id: id, value: 'down', comment: `The price was missing: ${phone} or ${email}` })
  await api.settled()
  const [question, rating] = server.requests.map(request => request.body as { text: string, comment: string })
  expect(rating!.comment).toMatch(/^The price was missing: \[PHONE_\w+\] or \[EMAIL_\w+\]$/)
  expect(question!.text).toContain(/\[PHONE_\w+\]/.exec(rating!.comment)![0])
  const admin = await api.admin()
  expect((await admin.get('/api/admin/feedback')).body.items).toContainEqual(expect.objectContaining({ id: feedback_id, comment: `The price was missing: ${phone} or ${email}` }))
  expect((await anna.get(`/api/chatbot/conversations/${conversation_id}/messages`)).body.at(-1).feedback.comment).toContain(phone)
})

it('sends texts as they are where the admin wants that', async () => {
  server.always(echo)
  const admin = await api.admin()
  const { version } = (await admin.get('/api/admin/config')).body
  expect((await admin.put('/api/admin/config', { version, mask_personal_data: false })).body.mask_personal_data).toBe(false)
  const { id } = await ask(`call ${phone}`)
  expect(JSON.stringify(server.requests[0]!.body)).toContain(phone)
  await anna.post('/api/chatbot/feedback', { message_id: id, value: 'down', comment: `call ${email}` })
  await api.settled()
  expect(server.requests[1]!.body).toMatchObject({ comment: `call ${email}` })
})
