import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { sql } from 'drizzle-orm'
import { rowsOf } from '#server/db/client'
import { withWarnings } from '#server/services/faqs/import-warnings'
import type { AdminFaq } from '#shared/contracts/admin'
import type { ImportReport } from '#shared/contracts/admin-faqs'
import type { ReplayPart } from '#shared/contracts/replay'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let ada: SignedInClient
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  ada = await api.admin()
  anna = await api.customer()
})

const ask = async (text: string, more = {}) => (await anna.post('/api/chatbot/messages', { message_text: text, ...more })).body
const replay = async (body: object) => (await ada.post('/api/admin/faqs/replay', body)).body as ReplayPart
const rain = async () => (await ada.get('/api/admin/faqs?q=rains')).body.items[0] as AdminFaq
const counts = () => rowsOf(sql`select (select count(*)::int from faqs) as faqs, (select count(*)::int from messages) as messages, (select count(*)::int from audit_log) as audit, (select count(*)::int from unanswered_groups) as groups`)
const BALLOON = 'Do you organise hot air balloon flights?'

describe('the replay of real questions', () => {
  it('lists what a new FAQ would change, and stores nothing', async () => {
    await ask(BALLOON)
    await ask('do you organize hot air balloon flights')
    await ask('What happens if it rains?')
    const before = await counts()
    const part = await replay({ limit: 50, faq: { question: BALLOON, answer: 'Yes, at sunrise.' } })
    expect(part).toMatchObject({ baseline: 'now', done: 3, looked_at: 3, answered_by_draft: 2, next_cursor: null })
    expect(part.changes.map(change => change.question)).toEqual(['do you organize hot air balloon flights', BALLOON])
    expect(part.changes[1]).toMatchObject({ before: { decision: 'forward', faq: null }, after: { decision: 'answer', faq: { id: null, question: BALLOON } }, conversation_id: expect.any(String) })
    expect(await counts()).toEqual(before)
    expect((await ask(BALLOON)).source).toBe('fallback')
  })

  it('shows what goes missing when a FAQ is changed, switched off or taken to another strictness', async () => {
    await ask('What happens if it rains?')
    await ask('price of rooms')
    const faq = await rain()
    const off = await replay({ faq: { id: faq.id, question: faq.question, answer: faq.answer, phrasings: faq.phrasings, is_active: false } })
    expect(off.changes).toMatchObject([{ question: 'What happens if it rains?', before: { decision: 'answer', faq: { id: faq.id } } }])
    expect((await replay({ faq: { id: faq.id, question: faq.question, answer: 'Other words.', phrasings: faq.phrasings } })).changes).toEqual([])
    expect((await replay({ strictness: 'eager' })).changes).toMatchObject([{ question: 'price of rooms', before: { decision: 'suggest' }, after: { decision: 'answer' } }])
  })

  it('compares with what customers got then where nothing is drafted', async () => {
    await ask(BALLOON)
    expect(await replay({})).toMatchObject({ baseline: 'then', changes: [] })
    const { body } = await ada.post('/api/admin/faqs', { question: BALLOON, answer: 'Yes.' })
    expect(await replay({ strictness: 'balanced' })).toMatchObject({ baseline: 'then', changes: [{ question: BALLOON, before: { decision: 'forward' }, after: { decision: 'answer', faq: { id: body.id } } }] })
  })

  it('goes part by part to the number asked for, and leaves out picked FAQs and wishes for a person', async () => {
    const [faq] = (await anna.get('/api/chatbot/faqs')).body
    await ask(faq.question, { faq_id: faq.id })
    await ask('I want to talk to a person')
    const { conversation_id: id } = await ask('zxqv brimble frobnicate')
    await rowsOf(sql`
      with many as (select gen_random_uuid() as question, gen_random_uuid() as reply, n from generate_series(1, 130) n), questions as (
        insert into messages (id, conversation_id, customer_id, seq, sender, text, reply_state) select question, ${id}::uuid, ${anna.user.id}::uuid, 1000 + 2 * n, 'customer', 'zxqv ' || n, 'answered' from many)
      insert into messages (id, conversation_id, customer_id, seq, sender, text, reply_to, source, suggestions) select reply, ${id}::uuid, ${anna.user.id}::uuid, 1001 + 2 * n, 'bot', 'No.', question, 'fallback', '[]'::jsonb from many`)
    const first = await replay({ limit: 120, strictness: 'eager' })
    expect([first.done, first.looked_at, first.limit]).toEqual([100, 100, 120])
    const second = await replay({ limit: 120, strictness: 'eager', cursor: first.next_cursor! })
    expect([second.done, second.looked_at, second.next_cursor]).toEqual([120, 20, null])
  })

  it('refuses too many, a broken draft, an unknown strictness and a made-up cursor', async () => {
    for (const body of [{ limit: 1001 }, { limit: 0 }, { faq: { question: '' } }, { strictness: 'wild' }, { cursor: 'x' }]) expect((await ada.post('/api/admin/faqs/replay', body)).body.code).toBe('VALIDATION_ERROR')
  })
})

describe('a FAQ that asks what another answers', () => {
  const similar = async (body: object) => (await ada.post('/api/admin/faqs/similar', body)).body.items as { faq_id: string, question: string, wording: string }[]

  it('is told of, by its question or a phrasing, but never by itself', async () => {
    const faq = await rain()
    expect(await similar({ question: 'what happens when it rains' })).toMatchObject([{ faq_id: faq.id, question: faq.question, wording: 'what happens when it rains' }])
    expect(await similar({ question: 'Do you lend telescopes?', phrasings: ['What happens if it rains?'] })).toMatchObject([{ faq_id: faq.id, wording: 'What happens if it rains?' }])
    expect(await similar({ id: faq.id, question: faq.question, phrasings: faq.phrasings })).toEqual([])
    expect(await similar({ question: 'Do you lend telescopes?' })).toEqual([])
    expect((await ada.post('/api/admin/faqs/similar', { question: '' })).status).toBe(400)
  })

  it('is let through all the same, and an inactive one counts for nothing', async () => {
    const faq = await rain()
    expect((await ada.post('/api/admin/faqs', { question: 'What happens when it rains?', answer: 'We stay dry.' })).status).toBe(201)
    await ada.patch(`/api/admin/faqs/${faq.id}`, { is_active: false, version: faq.version })
    expect((await similar({ question: 'What happens when rain falls?' })).map(item => item.faq_id)).not.toContain(faq.id)
  })

  it('is marked in the preview of an import', async () => {
    const rows = [{ question: 'what happens when it rains', answer: 'x' }, { question: 'Do you lend telescopes?', answer: 'y' }]
    const report = (await ada.request('POST', '/api/admin/faqs/import?dry_run=true', { body: JSON.stringify(rows) })).body
    expect(report.preview).toMatchObject([{ row: 1, similar: { question: 'What happens if it rains?' } }, { row: 2 }])
    expect(report.preview[1].similar).toBeUndefined()
    expect(report.similar).toEqual({ checked: 2, found: 1, rows: [{ row: 1, question: 'what happens when it rains', similar: { faq_id: (await rain()).id, question: 'What happens if it rains?' } }] })
    expect((await ada.request('POST', '/api/admin/faqs/import', { body: JSON.stringify(rows) })).body).toMatchObject({ imported: true, created: 2 })
  })

  it('is found beyond the rows that the preview of an import shows', async () => {
    const rows = [...Array.from({ length: 204 }, (_, n) => ({ question: `zxqv brimble ${n} frobnicate`, answer: 'x' })), { question: 'what happens when it rains', answer: 'x' }]
    const { body } = await ada.request('POST', '/api/admin/faqs/import?dry_run=true', { body: JSON.stringify(rows) })
    expect([body.preview.length, body.similar.checked, body.similar.found]).toEqual([200, 205, 1])
    expect(body.similar.rows).toMatchObject([{ row: 205, similar: { question: 'What happens if it rains?' } }])
  })

  it('is looked for as long as there is time, and what was looked at is said', async () => {
    const report = { preview: [] } as unknown as ImportReport
    const created = [{ row: 1, question: 'what happens when it rains' }, { row: 2, question: 'Do you lend telescopes?' }]
    expect((await withWarnings(report, created, -1)).similar).toEqual({ checked: 0, found: 0, rows: [] })
    expect((await withWarnings(report, created)).similar).toMatchObject({ checked: 2, found: 1 })
  })
})
