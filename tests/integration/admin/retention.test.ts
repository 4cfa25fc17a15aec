import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { rowsOf } from '#server/db/client'
import { claimWork } from '#server/db/work-claims'
import { keepAnalytics } from '#server/services/analytics/keep-analytics'
import { catchUp } from '#server/services/catch-up'
import { keepRetention, keepRetentionWhenDue, retentionCutoff } from '#server/services/privacy/retention'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure } from '../../support/rag-config'

let api: ApiHarness
let anna: SignedInClient
let ada: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
  ada = await api.admin('Ada')
})

/** So many closed conversations of two messages, the newest `age` days old, rated `up`. */
async function addOld(count: number, age: number, text = 'An old question') {
  await rowsOf(sql`
    with c as (insert into conversations (id, customer_id, status, started_at, last_seq, last_message_at)
        select gen_random_uuid(), ${anna.user.id}::uuid, 'closed', now() - ${age}::int * interval '1 day', 2, now() - ${age}::int * interval '1 day' from generate_series(1, ${count}::int) returning id, last_message_at),
      q as (insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, reply_state) select gen_random_uuid(), id, ${anna.user.id}::uuid, 1, 'customer', ${text}, last_message_at, 'answered' from c returning id, conversation_id, created_at),
      r as (insert into messages (id, conversation_id, customer_id, seq, sender, text, created_at, source, reply_to) select gen_random_uuid(), conversation_id, ${anna.user.id}::uuid, 2, 'bot', 'An old answer', created_at, 'rag', id from q returning id, created_at)
    insert into feedback (id, message_id, customer_id, value, comment, created_at, updated_at) select gen_random_uuid(), id, ${anna.user.id}::uuid, 'up', 'Thanks', created_at, created_at from r`)
}
const countOf = async (table: string) => (await rowsOf<{ count: number }>(sql`select count(*)::int as count from ${sql.identifier(table)}`))[0]!.count
const totals = async (days: number) => (await ada.get(`/api/admin/analytics?from=${new Date(Date.now() - days * 86_400_000).toISOString()}&time_zone=Europe/Athens`)).body.totals

it('is off at first: nothing goes, however old', async () => {
  await addOld(1, 4000)
  expect((await ada.get('/api/admin/config')).body.retention_days).toBeNull()
  expect(await keepRetention()).toEqual({ deleted: 0, more: false })
  expect(await countOf('conversations')).toBe(1)
})

it('a dry run counts what would go, and changes nothing', async () => {
  await addOld(3, 100)
  await addOld(2, 20)
  const preview = (days: string) => ada.get(`/api/admin/retention/preview?days=${days}`)
  expect((await preview('30')).body).toEqual({ days: 30, before: retentionCutoff(30, new Date()).toISOString(), conversations: 3, messages: 6, oldest: expect.any(String) })
  expect((await preview('365')).body).toMatchObject({ conversations: 0, messages: 0, oldest: null })
  for (const days of ['', '0', '-1', '1.5', 'x', '40000']) expect([days, (await preview(days)).status]).toEqual([days, 400])
  expect((await anna.get('/api/admin/retention/preview?days=30')).status).toBe(403)
  expect(await countOf('conversations')).toBe(5)
})

it('deletes in batches what nobody wrote to since, keeps ratings without the person, and the figures as they were', async () => {
  await addOld(120, 100)
  await addOld(2, 20, 'A newer question')
  await keepAnalytics()
  const before = [await totals(300), await totals(5)]
  const { version } = (await ada.get('/api/admin/config')).body
  expect((await ada.put('/api/admin/config', { version, retention_days: 30 })).body.retention_days).toBe(30)
  await catchUp()
  expect([await countOf('conversations'), await countOf('messages'), await countOf('feedback')]).toEqual([2, 4, 122])
  expect(await rowsOf(sql`select count(*)::int as count from feedback where customer_id is null and message_id is null and comment is null and source = 'rag' and value = 'up'`)).toEqual([{ count: 120 }])
  expect(await rowsOf(sql`select text from messages where sender = 'customer' group by 1`)).toEqual([{ text: 'A newer question' }])
  await keepAnalytics()
  expect([await totals(300), await totals(5)]).toEqual(before)
  expect(before[0].ratings.up).toBe(122)
  expect(await keepRetention()).toEqual({ deleted: 0, more: false })
  expect(await rowsOf(sql`select 1 from work_claims where name = 'retention'`)).toEqual([])
})

it('counts the figures first where nobody has yet', async () => {
  await addOld(1, 100)
  await configure({ retentionDays: 30 })
  expect((await keepRetention()).deleted).toBe(1)
  expect((await totals(300)).conversations).toBe(1)
})

it('waits for another server that is at it, and for the figures while another counts them', async () => {
  await addOld(1, 100)
  await configure({ retentionDays: 30 })
  const by = '01920000-0000-7000-8000-000000000009'
  await claimWork('retention', { by, leaseMs: 60_000 })
  expect(await keepRetention()).toEqual({ deleted: 0, more: false })
  await rowsOf(sql`delete from work_claims`)
  await rowsOf(sql`insert into analytics_state (claimed_by, claimed_until) values (${by}::uuid, now() + interval '1 hour') on conflict (singleton) do update set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until, counted_until = null`)
  expect(await keepRetention()).toEqual({ deleted: 0, more: true })
  expect(await countOf('conversations')).toBe(1)
  await rowsOf(sql`update analytics_state set claimed_until = null`)
  await keepRetentionWhenDue()
  expect(await countOf('conversations')).toBe(0)
})

it('takes its words from the list of unanswered questions too', async () => {
  const { conversation_id: id } = (await anna.post('/api/chatbot/messages', { message_text: 'zxqv brimble frobnicate quux' })).body
  await api.settled()
  await catchUp()
  expect(await countOf('unanswered_groups')).toBe(1)
  await rowsOf(sql`update conversations set last_message_at = now() - interval '99 days' where id = ${id}::uuid`)
  await configure({ retentionDays: 30 })
  expect((await keepRetention()).deleted).toBe(1)
  expect([await countOf('unanswered_groups'), await countOf('unanswered_questions')]).toEqual([0, 0])
})
