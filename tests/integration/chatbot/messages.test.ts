import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { setStatementObserver } from '#server/db/statement-observer'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
})

const send = (client: SignedInClient, body: object) => client.post('/api/chatbot/messages', body)
const countMessages = async () => (await rowsOf<{ sender: string, count: number }>(sql`select sender, count(*)::int as count from messages group by sender order by sender`)).map(row => `${row.sender} ${row.count}`)

describe('POST /api/chatbot/messages', () => {
  it('answers a FAQ question in the contract’s shape', async () => {
    const { status, body, headers } = await send(anna, { message_text: 'How do I book a wedding package?' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      message_id: expect.stringMatching(uuidV7),
      id: body.message_id,
      conversation_id: expect.stringMatching(uuidV7),
      sender: 'bot',
      text: expect.stringContaining('Choose a package'),
      timestamp: expect.stringMatching(isoTime),
      seq: 2,
      reply_to: expect.stringMatching(uuidV7),
      source: 'faq',
      faq_id: expect.stringMatching(uuidV7),
      faq_matched: true,
      suggestions: [],
      citations: [],
      feedback: null,
    })
  })

  it('answers the same with a trailing slash, and takes text as another name of message_text', async () => {
    const { status, body } = await anna.post('/api/chatbot/messages/', { text: 'What happens if it rains?' })
    expect(status).toBe(200)
    expect(body.text).toContain('plan B')
  })

  it.each([
    ['case and punctuation', 'HOW DO I BOOK A WEDDING PACKAGE'],
    ['spaces', '  how do   I book a wedding package ?? '],
    ['a phrasing', 'How can I make a booking?'],
  ])('recognises a FAQ whatever its %s', async (_, text) => {
    expect((await send(anna, { message_text: text })).body).toMatchObject({ source: 'faq', faq_matched: true })
  })

  it('falls back kindly when nothing fits and no RAG API is configured', async () => {
    const { status, body } = await send(anna, { message_text: 'qwzx vbnm plugh' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ source: 'fallback', faq_id: null, faq_matched: false })
    expect(body.text).toContain('I’m not sure about that one')
  })

  it('answers a picked FAQ whatever the text, and treats one that is gone as typed', async () => {
    const faqs = (await anna.get('/api/chatbot/faqs')).body
    const picked = await send(anna, { message_text: 'that one please', faq_id: faqs[3].id })
    expect(picked.body).toMatchObject({ source: 'faq', faq_id: faqs[3].id, text: faqs[3].answer, faq_matched: true })
    const gone = await send(anna, { message_text: 'What happens if it rains?', faq_id: randomUUID() })
    expect(gone.body).toMatchObject({ source: 'faq', faq_matched: true })
  })

  it('goes on in the active conversation, with seq without gaps', async () => {
    const first = (await send(anna, { message_text: 'hello there' })).body
    const second = (await send(anna, { message_text: 'and again', conversation_id: first.conversation_id })).body
    const third = (await send(anna, { message_text: 'and once more', conversation_id: null })).body
    expect([second.conversation_id, third.conversation_id]).toEqual([first.conversation_id, first.conversation_id])
    expect([first.seq, second.seq, third.seq]).toEqual([2, 4, 6])
  })

  it('accepts 2,000 characters, counted as people do, and newlines', async () => {
    expect((await send(anna, { message_text: '👰'.repeat(2000) })).status).toBe(200)
    expect((await send(anna, { message_text: 'two\nlines\tand a tab' })).status).toBe(200)
  })

  it.each([
    ['no text', {}],
    ['an empty text', { message_text: '' }],
    ['only spaces', { message_text: ' \n\t ' }],
    ['2,001 characters', { message_text: 'x'.repeat(2001) }],
    ['2,001 emoji', { message_text: '👰'.repeat(2001) }],
    ['a NUL', { message_text: 'a\u0000b' }],
    ['an escape character', { message_text: 'a\u001B[31mb' }],
    ['half a surrogate pair', { message_text: 'a\uD800b' }],
    ['a number', { message_text: 42 }],
    ['a list', { message_text: ['a'] }],
    ['null', { message_text: null }],
    ['a conversation id that is none', { message_text: 'a', conversation_id: 'mine' }],
    ['a client id that is none', { message_text: 'a', client_message_id: '1' }],
    ['a FAQ id that is none', { message_text: 'a', faq_id: 7 }],
    ['a body that is a list', []],
  ])('refuses %s with a validation error that names the field', async (_, body) => {
    const refused = await anna.post('/api/chatbot/messages', body)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ code: 'VALIDATION_ERROR', error: expect.any(String), request_id: expect.any(String), details: [{ path: expect.any(String), message: expect.any(String) }] })
    expect(await countMessages()).toEqual([])
  })

  it.each([
    ['malformed JSON', '{"message_text": "a', 'application/json', 400, 'VALIDATION_ERROR'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xFF, 0x22]), 'application/json', 400, 'VALIDATION_ERROR'],
    ['a form', 'message_text=a', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', '{"message_text":"a"}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body over 64 KiB', JSON.stringify({ message_text: 'a', page: 'x'.repeat(70_000) }), 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
  ])('refuses %s', async (_, body, type, status, code) => {
    const refused = await anna.request('POST', '/api/chatbot/messages', { body, headers: { 'content-type': type } })
    expect([refused.status, refused.body.code]).toEqual([status, code])
  })

  it('refuses whoever is not signed in, and another site’s page', async () => {
    const visitor = await api.visitor().post('/api/chatbot/messages', { message_text: 'a' })
    expect([visitor.status, visitor.body.code]).toEqual([401, 'NOT_AUTHENTICATED'])
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }] as Record<string, string>[]) {
      const crossed = await anna.post('/api/chatbot/messages', { message_text: 'a' }, headers)
      expect([crossed.status, crossed.body.code]).toEqual([403, 'NOT_AUTHORIZED'])
    }
    const own = await anna.post('/api/chatbot/messages', { message_text: 'a' }, { 'origin': api.origin, 'sec-fetch-site': 'same-origin' })
    expect(own.status).toBe(200)
  })

  it('does not tell somebody else’s conversation from one that does not exist', async () => {
    const { conversation_id } = (await send(anna, { message_text: 'mine' })).body
    const bella = await api.customer('Bella')
    const foreign = await send(bella, { message_text: 'hers?', conversation_id })
    const unknown = await send(bella, { message_text: 'hers?', conversation_id: randomUUID() })
    expect(foreign.status).toBe(404)
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' })
    expect(await countMessages()).toEqual(['bot 1', 'customer 1'])
  })

  it('refuses a message to a closed conversation, and opens a new one without an id', async () => {
    const { conversation_id } = (await send(anna, { message_text: 'mine' })).body
    await anna.post(`/api/chatbot/conversations/${conversation_id}/close`)
    const refused = await send(anna, { message_text: 'still there?', conversation_id })
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT'])
    expect((await send(anna, { message_text: 'a new start' })).body.conversation_id).not.toBe(conversation_id)
  })

  it('stores eight identical sends at once as one message with one reply', async () => {
    const body = { message_text: 'qwzx vbnm plugh', client_message_id: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(anna, body)))
    expect(answers.map(answer => answer.status)).toEqual(Array(8).fill(200))
    expect(new Set(answers.map(answer => answer.body.message_id)).size).toBe(1)
    expect(await countMessages()).toEqual(['bot 1', 'customer 1'])
  })

  it('stores eight identical FAQ questions at once as one message with one reply', async () => {
    const body = { message_text: 'What happens if it rains?', client_message_id: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(anna, body)))
    expect(new Set(answers.map(answer => JSON.stringify(answer.body))).size).toBe(1)
    expect(await countMessages()).toEqual(['bot 1', 'customer 1'])
  })

  it('gives the same reply to a repeat later, even after the conversation was closed', async () => {
    const body = { message_text: 'What happens if it rains?', client_message_id: randomUUID() }
    const first = (await send(anna, body)).body
    await anna.post(`/api/chatbot/conversations/${first.conversation_id}/close`)
    expect((await send(anna, body)).body).toEqual(first)
    expect((await anna.get('/api/chatbot/conversations')).body).toEqual([])
  })

  it('refuses a client id that belongs to another text; another customer may have the same id', async () => {
    const client_message_id = randomUUID()
    await send(anna, { message_text: 'one', client_message_id })
    const other = await send(anna, { message_text: 'two', client_message_id })
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT'])
    const bella = await api.customer('Bella')
    expect((await send(bella, { message_text: 'two', client_message_id })).status).toBe(200)
  })

  it('puts the first messages of four tabs at once into one conversation', async () => {
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map(text => send(anna, { message_text: text, client_message_id: randomUUID() })))
    expect(new Set(answers.map(answer => answer.body.conversation_id)).size).toBe(1)
    const { body: messages } = await anna.get(`/api/chatbot/conversations/${answers[0]!.body.conversation_id}/messages`)
    expect(messages.map((message: { seq: number }) => message.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('stores a first message with its answer and its conversation in one statement', async () => {
    await send(await api.customer('Bella'), { message_text: 'What happens if it rains?' })
    await anna.get('/api/chatbot/conversations')
    const statements: string[] = []
    setStatementObserver((statement) => {
      statements.push(statement)
      return () => {}
    })
    const { body } = await send(anna, { message_text: 'What happens if it rains?', client_message_id: randomUUID() }).finally(() => setStatementObserver(null))
    expect(body).toMatchObject({ source: 'faq', seq: 2 })
    // Whoever she is may be looked up once more, where nothing keeps it in memory.
    expect(statements.filter(statement => !/from sessions s join users u/.test(statement))).toEqual([expect.stringMatching(/insert into conversations[\s\S]*insert into messages/)])
    const { body: [conversation] } = await anna.get('/api/chatbot/conversations')
    expect(conversation).toMatchObject({ id: body.conversation_id, status: 'active', message_count: 2, last_message_at: body.timestamp })
  })

  it('stores eight identical first messages at once as one, in one conversation', async () => {
    const body = { message_text: 'What happens if it rains?', client_message_id: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(anna, body)))
    expect(new Set(answers.map(answer => JSON.stringify(answer.body))).size).toBe(1)
    expect((await rowsOf(sql`select last_seq from conversations`))).toEqual([{ last_seq: 2 }])
  })

  it('makes a conversation that waits for a person where the first message asks for one', async () => {
    const { body } = await send(anna, { message_text: 'I want to talk to a person' })
    expect(body).toMatchObject({ handled_by: 'waiting', seq: 2 })
    expect(await rowsOf(sql`select handling, last_seq, waiting_since is not null as waits, handover_question_id from conversations`)).toEqual([{ handling: 'waiting', last_seq: 2, waits: true, handover_question_id: null }])
  })

  it('makes no conversation of somebody’s who names one that is not theirs', async () => {
    const theirs = (await send(await api.customer('Bella'), { message_text: 'one' })).body.conversation_id
    expect((await send(anna, { message_text: 'two', conversation_id: theirs })).status).toBe(404)
    expect(await rowsOf(sql`select count(*)::int as count from conversations`)).toEqual([{ count: 1 }])
  })

  it('keeps the page a question was asked from, without its query', async () => {
    await send(anna, { message_text: 'hi', page: '/packages?coupon=secret#top' })
    expect(await rowsOf(sql`select page from messages where sender = 'customer'`)).toEqual([{ page: '/packages' }])
  })

  it('names the allowed method for a wrong one', async () => {
    const refused = await anna.get('/api/chatbot/messages')
    expect([refused.status, refused.body.code, refused.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST'])
  })
})

describe('stored messages', () => {
  it('can never be rewritten', async () => {
    await send(anna, { message_text: 'as it was said' })
    const rewrite = rowsOf(sql`update messages set text = 'something else' where sender = 'customer'`)
    await expect(rewrite).rejects.toMatchObject({ cause: { message: expect.stringContaining('immutable') } })
  })
})
