import { sql } from 'drizzle-orm'
import { inTransaction, rowsOf } from './client'
import { countDays, countFaqs, countReplyTimes } from './analytics-counts'

/** A change whose transaction ends late carries a time that was counted already; nothing here takes ten minutes. */
const MARGIN = sql`interval '10 minutes'`
const today = sql`(now() at time zone 'UTC')::date`
/** What days before this one were counted from is deleted: their rows stay as they are. */
const firstCountable = sql`coalesce((select frozen_before from analytics_state), '-infinity'::date)`

/** Takes the daily figures for this server when there is something to do; false: nothing to do, or another has them. */
export async function claimAnalytics(claim: { by: string, leaseMs: number }): Promise<boolean> {
  await rowsOf(sql`insert into analytics_state default values on conflict do nothing`)
  const rows = await rowsOf(sql`
    update analytics_state set claimed_by = ${claim.by}::uuid, claimed_until = now() + ${claim.leaseMs}::int * interval '1 millisecond'
    where (claimed_until is null or claimed_until < now())
      and (counted_until is null or counted_until < now() - interval '45 seconds' or exists (select 1 from analytics_stale_days))
    returning 1 as claimed`)
  return rows.length > 0
}

export async function releaseAnalytics(by: string): Promise<void> {
  await rowsOf(sql`update analytics_state set claimed_until = null, claimed_by = null where claimed_by = ${by}::uuid`)
}

/** Puts every finished day (UTC) in which something was written or rated since the last time among the stale ones; the first time, all of them. */
export async function markChangedDays(): Promise<void> {
  await inTransaction(async () => {
    await rowsOf(sql`
      with state as (select counted_until - ${MARGIN} as since from analytics_state),
        first as (select coalesce(since, least((select min(created_at) from messages), (select min(created_at) from feedback))) as at from state)
      insert into analytics_stale_days (day)
      select d::date from first, generate_series((at at time zone 'UTC')::date, ${today} - 1, interval '1 day') d
      union
      select (f.created_at at time zone 'UTC')::date from state, feedback f where f.updated_at >= state.since and (f.created_at at time zone 'UTC')::date < ${today}
      order by 1
      on conflict do nothing`)
    await rowsOf(sql`delete from analytics_stale_days where day < ${firstCountable}`)
    await rowsOf(sql`update analytics_state set counted_until = now()`)
  })
}

/** The newest first: those are looked at most. */
export async function listStaleDays(limit: number): Promise<string[]> {
  return (await rowsOf<{ day: string }>(sql`select day::text as day from analytics_stale_days where day < ${today} and day >= ${firstCountable} order by day desc limit ${limit}::int`)).map(row => row.day)
}

/** Counts one day anew. Whoever deletes messages of that day meanwhile waits, and marks it again. */
export async function recountDay(day: string): Promise<void> {
  await inTransaction(async () => {
    // The lock as well: a server whose lease has lapsed finds nothing to delete and leaves the day alone.
    const taken = await rowsOf(sql`delete from analytics_stale_days where day = ${day}::date returning day`)
    if (!taken.length) return
    for (const table of ['analytics_days', 'analytics_reply_times', 'analytics_faqs']) await rowsOf(sql`delete from ${sql.identifier(table)} where day = ${day}::date`)
    const range = { from: day, to: day, zone: 'UTC' }
    await rowsOf(sql`insert into analytics_days (day, conversations, messages, questions, faq, suggestion, rag, fallback, up, down) ${countDays(range)}`)
    await rowsOf(sql`insert into analytics_reply_times (day, bucket, replies) ${countReplyTimes(range)}`)
    await rowsOf(sql`insert into analytics_faqs (day, faq_id, answers, up, down) ${countFaqs(range)}`)
  })
}

/**
 * Keeps the figures of the days before `day` for good, before their messages are deleted; false while one of them has
 * still to be counted, and then nothing may be deleted.
 */
export async function freezeDaysBefore(day: string): Promise<boolean> {
  const rows = await rowsOf(sql`
    update analytics_state set frozen_before = greatest(frozen_before, ${day}::date)
    where (counted_until at time zone 'UTC')::date >= ${day}::date
      and not exists (select 1 from analytics_stale_days where day < ${day}::date and day >= ${firstCountable})
    returning 1 as frozen`)
  return rows.length > 0
}
