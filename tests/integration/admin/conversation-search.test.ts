import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
let anna: SignedInClient
let ben: SignedInClient

interface Found { id: string, customer: { name: string }, first_question: string, match?: { seq: number, sender: string, text: string } }
const list = async (query: Record<string, string | number>) => (await admin.get(`/api/admin/conversations?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`)).body as { items: Found[], next_cursor: string | null, code?: string }
const firsts = async (query: Record<string, string | number>) => (await list(query)).items.map(item => item.first_question)
const ask = async (client: SignedInClient, text: string) => (await client.post('/api/chatbot/messages', { message_text: text })).body
const closeIt = (client: SignedInClient, id: string) => client.post(`/api/chatbot/conversations/${id}/close`)

beforeAll(async () => {
  api = await startApi()
  admin = await api.admin('Ada')
  anna = await api.customer('Anna')
  ben = await api.customer('Ben')
  const faq = await ask(anna, 'Can we visit a venue before we decide?')
  await anna.post('/api/chatbot/feedback', { message_id: faq.message_id, value: 'up' })
  await closeIt(anna, faq.conversation_id)
  const greek = await ask(ben, 'Πόσο κοστίζει ένας ΓΆΜΟΣ στο Café Ζωή; γράψτε στο ben@νησί.example')
  await ben.post('/api/chatbot/feedback', { message_id: greek.message_id, value: 'down' })
  await closeIt(ben, greek.conversation_id)
  // Whatever the matcher makes of it: here it is a miss.
  await rowsOf(sql`update messages set source = 'fallback', faq_id = null, suggestions = '[]' where id = ${greek.message_id}::uuid`)
  await ask(anna, 'qwertz xylophone uiop')
})
afterAll(() => api.close())

describe('conversations are searched', () => {
  const greek = expect.stringContaining('Πόσο')

  it.each([
    ['γάμος', 'accents and final sigma'], ['ΓΑΜΟΣ', 'capitals'], ['γαμ', 'the beginning of a word'], ['cafe', 'Latin accents'], ['κοστιζει γαμος', 'several words, in any order'],
    ['νησι', 'a part of an address'], ['ben@νησί.example', 'an address'], ['«γάμος»;', 'punctuation around it'],
  ])('by %s (%s)', async (q) => {
    expect(await firsts({ q })).toEqual([greek])
  })

  it('and show the newest message that matches, question or reply', async () => {
    const [found] = (await list({ q: 'xylophone' })).items
    expect(found).toMatchObject({ customer: { name: 'Anna' }, match: { seq: 1, sender: 'customer', text: 'qwertz xylophone uiop' } })
    expect((await list({})).items[0]).not.toHaveProperty('match')
  })

  it.each(['nothing-like-this', 'xylophones', 'κοστίζει xylophone', '&|!():*', '%', '\'', 'x & !y', '\\'])('and %s finds nothing, without an error', async (q) => {
    expect(await firsts({ q })).toEqual([])
  })

  it('together with the other filters', async () => {
    expect(await firsts({ q: 'γαμος', customer: 'ben' })).toEqual([greek])
    expect(await firsts({ q: 'γαμος', customer: 'anna' })).toEqual([])
    expect(await firsts({ q: 'γαμος', status: 'active' })).toEqual([])
    expect(await firsts({ q: 'γαμος', feedback: 'down', source: 'fallback', status: 'closed' })).toEqual([greek])
    const today = new Date().toISOString().slice(0, 10)
    expect(await firsts({ q: 'γαμος', from: today, to: today })).toEqual([greek])
    expect(await firsts({ q: 'γαμος', to: '2020-01-01' })).toEqual([])
  })
})

describe('conversations are filtered', () => {
  it('by what made a reply', async () => {
    expect(await firsts({ source: 'faq' })).toEqual(['Can we visit a venue before we decide?'])
    expect(await firsts({ source: 'rag' })).toEqual([])
    expect(await firsts({ source: 'fallback' })).toEqual(['qwertz xylophone uiop', expect.stringContaining('Πόσο')])
    await rowsOf(sql`update messages set suggestions = '[{"faq_id":"x","question":"y"}]', source = 'faq' where sender = 'bot' and conversation_id = (select conversation_id from messages where text = 'qwertz xylophone uiop')`)
    expect(await firsts({ source: 'suggestion' })).toEqual(['qwertz xylophone uiop'])
    expect(await firsts({ source: 'faq' })).toEqual(['Can we visit a venue before we decide?'])
  })

  it('by how a reply was rated', async () => {
    expect(await firsts({ feedback: 'up' })).toEqual(['Can we visit a venue before we decide?'])
    expect(await firsts({ feedback: 'down' })).toEqual([expect.stringContaining('Πόσο')])
  })

  it('and what makes no sense is refused', async () => {
    for (const wrong of <Record<string, string>[]>[{ source: 'magic' }, { feedback: 'meh' }, { q: ' ' }, { q: 'x'.repeat(201) }, { q: 'x', cursor: 'y' }]) expect((await list(wrong)).code).toBe('VALIDATION_ERROR')
  })
})

it('a conversation tells how long each reply took', async () => {
  const { id } = (await list({ q: 'venue decide' })).items[0]!
  const { messages } = (await admin.get(`/api/admin/conversations/${id}`)).body
  expect(messages[0]).not.toHaveProperty('reply_ms')
  expect(messages[1].reply_ms).toBeGreaterThanOrEqual(0)
})

it('a word in thousands of messages is paged newest first, each conversation once', async () => {
  // 2,400 messages of 300 conversations over 300 days; in every third one the word came up again much later.
  await rowsOf(sql`insert into conversations (id, customer_id, status, started_at, last_seq, last_message_at)
    select gen_random_uuid(), ${anna.user.id}::uuid, 'closed', at, 8, at + interval '40 days' from generate_series(1, 300) i, lateral (select now() - i * interval '1 day' - interval '41 days' as at) t`)
  await rowsOf(sql`insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at)
    select gen_random_uuid(), c.id, c.customer_id, s, 'customer', 'Is there a garden ' || s, c.started_at + s * interval '1 minute' + case when s = 8 and extract(day from c.started_at)::int % 3 = 0 then interval '30 days' else interval '0' end
    from conversations c, generate_series(1, 8) s where c.last_seq = 8`)
  const expected = (await rowsOf<{ id: string }>(sql`select conversation_id as id from messages where text like 'Is there a garden%' group by 1 order by max(created_at) desc, conversation_id desc`)).map(row => row.id)
  const seen: string[] = []
  let cursor = ''
  do {
    const page = await list({ q: 'garden', limit: 70, customer: anna.user.id, ...(cursor ? { cursor } : {}) })
    const free = await list({ q: 'GARDEN', limit: 70, ...(cursor ? { cursor } : {}) })
    expect(free.items.map(item => item.id)).toEqual(page.items.map(item => item.id))
    seen.push(...free.items.map(item => item.id))
    cursor = free.next_cursor ?? ''
  } while (cursor)
  expect(seen).toEqual(expected)
  expect(await firsts({ q: 'garden', from: '2020-01-01', to: '2020-02-01' })).toEqual([])
})
