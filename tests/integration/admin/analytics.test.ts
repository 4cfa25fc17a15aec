import { sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { keepAnalytics } from '#server/services/analytics/keep-analytics'
import type { Analytics } from '#shared/contracts/admin-analytics'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
let customer: string
let faqs: { id: string, question: string }[]

beforeAll(async () => {
  api = await startApi()
})
beforeEach(async () => {
  await api.reset()
  admin = await api.admin('Ada')
  customer = (await api.customer('Anna')).user.id
  faqs = (await admin.get('/api/admin/faqs?limit=3')).body.items
})
afterAll(() => api.close())

interface Turn { at: string, source: 'faq' | 'rag' | 'fallback', faq?: number, suggests?: boolean, tookMs: number, rated?: 'up' | 'down', ratedAt?: string }

/** A conversation with these questions and replies; gives the ids of conversation and replies. */
async function talk(turns: Turn[]) {
  const id = v7()
  await rowsOf(sql`insert into conversations (id, customer_id, status, started_at, last_seq, last_message_at) values (${id}::uuid, ${customer}::uuid, 'closed', ${turns[0]!.at}::timestamptz, ${turns.length * 2}, ${turns.at(-1)!.at}::timestamptz)`)
  const replies: string[] = []
  for (const [index, { at, source, faq, suggests, tookMs, rated, ratedAt }] of turns.entries()) {
    const [question, reply] = [v7(), v7()]
    replies.push(reply)
    await rowsOf(sql`insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_state) values (${question}::uuid, ${id}::uuid, ${customer}::uuid, ${index * 2 + 1}, 'customer', 'A question', ${at}::timestamptz, 'answered')`)
    await rowsOf(sql`insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_to, source, faq_id, suggestions)
      values (${reply}::uuid, ${id}::uuid, ${customer}::uuid, ${index * 2 + 2}, 'bot', 'A reply', ${at}::timestamptz + ${tookMs}::int * interval '1 millisecond', ${question}::uuid, ${source}, ${faq === undefined ? null : faqs[faq]!.id}::uuid, ${suggests ? '[{"faq_id":"x","question":"y"}]' : '[]'}::jsonb)`)
    if (rated) await rowsOf(sql`insert into feedback (id, message_id, customer_id, value, created_at, updated_at) values (${v7()}::uuid, ${reply}::uuid, ${customer}::uuid, ${rated}, ${ratedAt ?? at}::timestamptz, ${ratedAt ?? at}::timestamptz)`)
  }
  return { id, replies }
}

const report = async (query: string): Promise<Analytics> => {
  const answer = await admin.get(`/api/admin/analytics?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

async function twoWeeks() {
  // The week before: one conversation.
  await talk([{ at: '2026-03-04T10:00:00Z', source: 'rag', tookMs: 3000, rated: 'down' }])
  const first = await talk([
    { at: '2026-03-09T10:00:00Z', source: 'faq', faq: 0, tookMs: 4, rated: 'up' },
    { at: '2026-03-09T10:01:00Z', source: 'faq', faq: 1, tookMs: 4, rated: 'down', ratedAt: '2026-03-11T08:00:00Z' },
    { at: '2026-03-09T23:30:00Z', source: 'faq', suggests: true, tookMs: 4 },
  ])
  await talk([
    { at: '2026-03-12T10:00:00Z', source: 'faq', faq: 0, tookMs: 4 },
    { at: '2026-03-12T10:01:00Z', source: 'fallback', tookMs: 10_000 },
  ])
  return first
}

const totals = { conversations: 2, messages: 10, questions: 5, replies: { faq: 3, suggestion: 1, rag: 0, fallback: 1 }, ratings: { up: 1, down: 1 } }

describe('a report', () => {
  it('counts a short period and the one before, straight from the messages', async () => {
    await twoWeeks()
    const week = await report('from=2026-03-09&to=2026-03-15')
    expect(week).toMatchObject({
      from: '2026-03-09', to: '2026-03-15', time_zone: 'UTC', unit: 'day', previous: { from: '2026-03-02', to: '2026-03-08' },
      totals, previous_totals: { conversations: 1, messages: 2, replies: { faq: 0, suggestion: 0, rag: 1, fallback: 0 }, ratings: { up: 0, down: 1 } },
      unanswered_open: 0,
    })
    expect(week.steps.map(step => [step.from, step.questions, step.ratings.down])).toEqual([
      ['2026-03-09', 3, 0], ['2026-03-10', 0, 0], ['2026-03-11', 0, 1], ['2026-03-12', 2, 0], ['2026-03-13', 0, 0], ['2026-03-14', 0, 0], ['2026-03-15', 0, 0],
    ])
    // To within a tenth: four replies of 4 ms, one of 10 s; before, one of 3 s.
    expect(week.totals.reply_ms!.p50).toBeGreaterThanOrEqual(4)
    expect(week.totals.reply_ms!.p50).toBeLessThanOrEqual(5)
    expect(week.totals.reply_ms!.p95).toBeGreaterThanOrEqual(10_000)
    expect(week.totals.reply_ms!.p95).toBeLessThanOrEqual(11_000)
    expect(week.previous_totals.reply_ms!.p50).toBeGreaterThanOrEqual(3000)
    expect(week.faqs_most_used).toEqual([
      { faq_id: faqs[0]!.id, question: faqs[0]!.question, answers: 2, up: 1, down: 0 },
      { faq_id: faqs[1]!.id, question: faqs[1]!.question, answers: 1, up: 0, down: 1 },
    ])
    expect(week.faqs_worst_rated).toMatchObject([{ faq_id: faqs[1]!.id, down: 1 }])
  })

  it('of a short period takes the days of the reader', async () => {
    await twoWeeks()
    const athens = await report('from=2026-03-09&to=2026-03-10&time_zone=Europe/Athens')
    expect(athens.steps.map(step => [step.from, step.questions])).toEqual([['2026-03-09', 2], ['2026-03-10', 1]])
    const moments = await report('from=2026-03-08T22:00:00Z&to=2026-03-10T21:59:59.999Z&time_zone=Europe/Athens')
    expect(moments).toEqual(athens)
  })

  it('without a period is about the last 30 days', async () => {
    await (await api.customer()).post('/api/chatbot/messages', { message_text: 'Can we visit a venue before we decide?' })
    const month = await report('')
    expect(month.steps).toHaveLength(30)
    expect(month.to).toBe(new Date().toISOString().slice(0, 10))
    expect(month.totals).toMatchObject({ conversations: 1, questions: 1, replies: { faq: 1 } })
    expect(month.previous_totals).toMatchObject({ conversations: 0, reply_ms: null })
  })

  it('of a long period comes in weeks or months that add up', async () => {
    await twoWeeks()
    const quarter = await report('from=2026-01-01&to=2026-03-31')
    expect(quarter.unit).toBe('week')
    expect([quarter.steps[0], quarter.steps[1], quarter.steps.at(-1)]).toMatchObject([{ from: '2026-01-01', to: '2026-01-04' }, { from: '2026-01-05', to: '2026-01-11' }, { from: '2026-03-30', to: '2026-03-31' }])
    expect(quarter.steps.reduce((sum, step) => sum + step.messages, 0)).toBe(12)
    const years = await report('from=2025-01-15&to=2026-12-31')
    expect([years.unit, years.steps.length, years.totals.messages]).toEqual(['month', 24, 12])
  })

  it.each(['from=2026-03-10&to=2026-03-09', 'from=yesterday', 'from=2026-02-31', 'from=1999-01-01&to=2026-01-01', 'time_zone=Mars/Olympus'])('of %s is refused', async (query) => {
    expect((await admin.get(`/api/admin/analytics?${query}`)).body.code).toBe('VALIDATION_ERROR')
  })
})

describe('the daily figures', () => {
  const long = 'from=2026-02-01&to=2026-03-31'
  const kept = () => rowsOf<{ day: string, messages: number }>(sql`select day::text as day, messages from analytics_days order by day`)

  it('give the same report as counting does', async () => {
    await twoWeeks()
    const counted = await report(long)
    expect(await keepAnalytics()).toBeGreaterThanOrEqual(0)
    while (await keepAnalytics()) { /* A run takes so many days. */ }
    expect(await kept()).toEqual([{ day: '2026-03-04', messages: 2 }, { day: '2026-03-09', messages: 6 }, { day: '2026-03-11', messages: 0 }, { day: '2026-03-12', messages: 4 }])
    expect(await report(long)).toEqual(counted)
    // They are what is read: a row that says something else shows.
    await rowsOf(sql`update analytics_days set messages = 1000 where day = '2026-03-04'`)
    expect((await report(long)).totals.messages).toBe(1010)
    expect((await report('from=2026-03-09&to=2026-03-15')).previous_totals.messages).toBe(2)
  })

  it('follow a rating that is changed later, and what is deleted', async () => {
    const { id, replies } = await twoWeeks()
    while (await keepAnalytics()) { /* as above */ }
    expect((await report(long)).totals.ratings).toEqual({ up: 1, down: 2 })
    await rowsOf(sql`update feedback set value = 'up', version = version + 1, updated_at = now() where message_id = ${replies[1]!}::uuid`)
    await lapse()
    await keepAnalytics()
    expect((await report(long)).totals.ratings).toEqual({ up: 2, down: 1 })
    expect((await report(long)).faqs_worst_rated).toEqual([])
    await rowsOf(sql`delete from conversations where id = ${id}::uuid`)
    // At once: a day that is to be counted again is counted for the report.
    expect((await report(long)).totals).toMatchObject({ conversations: 2, messages: 6, ratings: { up: 0, down: 1 } })
    await keepAnalytics()
    expect(await rowsOf(sql`select * from analytics_stale_days`)).toEqual([])
    expect((await report(long)).totals).toMatchObject({ conversations: 2, messages: 6, ratings: { up: 0, down: 1 } })
  })

  it('are kept by one server at a time, and by another when that one is gone', async () => {
    await twoWeeks()
    await rowsOf(sql`insert into analytics_state (claimed_by, claimed_until) values (${v7()}::uuid, now() + interval '1 minute')`)
    expect(await keepAnalytics()).toBe(0)
    expect(await kept()).toEqual([])
    await rowsOf(sql`update analytics_state set claimed_until = now() - interval '1 second'`)
    await Promise.all([keepAnalytics(), keepAnalytics(), keepAnalytics()])
    while (await keepAnalytics()) { /* as above */ }
    expect(await kept()).toHaveLength(4)
  })

  it('take today’s messages straight from the messages', async () => {
    await twoWeeks()
    while (await keepAnalytics()) { /* as above */ }
    await (await api.customer()).post('/api/chatbot/messages', { message_text: 'Can we visit a venue before we decide?' })
    expect((await report('')).totals).toMatchObject({ conversations: 1, messages: 2 })
  })

  /** As if a minute had gone by since the last run. */
  const lapse = () => rowsOf(sql`update analytics_state set counted_until = counted_until - interval '1 minute'`)
})
