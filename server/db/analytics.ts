import { sql, type SQL } from 'drizzle-orm'
import { rowsOf } from './client'
import { BUCKET_BASE, countDays, countFaqs, countReplyTimes, type DayRange } from './analytics-counts'

/** Days to report on: those with a row of daily figures, and those still to be counted, as ranges. */
export interface CountedPeriod { from: string, to: string, live: DayRange[] }

export interface DayFigures { day: string, conversations: number, messages: number, questions: number, faq: number, suggestion: number, rag: number, fallback: number, up: number, down: number }

/** Up to which day (UTC, not included) there are daily figures, which of the days asked for have to be counted all the same, and before which day they are all that is left. */
export async function readCountedDays(from: string, to: string): Promise<{ until: string | null, stale: string[], frozenBefore: string | null }> {
  const [state] = await rowsOf<{ until: string | null, stale: string[], frozenBefore: string | null }>(sql`
    select (select (counted_until at time zone 'UTC')::date::text from analytics_state) as until, (select frozen_before::text from analytics_state) as "frozenBefore",
      (select coalesce(json_agg(day::text order by day), '[]') from analytics_stale_days where day between ${from}::date and ${to}::date
        and day >= coalesce((select frozen_before from analytics_state), '-infinity')) as stale`)
  return state!
}

/** The kept rows of a table for the days that need no counting, and the counts of those that do. */
function keptAndLive(table: string, columns: SQL, { from, to, live }: CountedPeriod, count: (range: DayRange) => SQL): SQL {
  const uncounted = live.map(range => sql`and day not between ${range.from}::date and ${range.to}::date`)
  const kept = sql`select ${columns} from ${sql.identifier(table)} where day between ${from}::date and ${to}::date ${sql.join(uncounted, sql` `)}`
  return sql.join([kept, ...live.map(range => sql`select ${columns} from (${count(range)}) live`)], sql` union all `)
}

/** A row for each day on which something happened. */
export async function listDayFigures(period: CountedPeriod): Promise<DayFigures[]> {
  const columns = sql`day::text as day, conversations, messages, questions, faq, suggestion, rag, fallback, up, down`
  return rowsOf<DayFigures>(sql`select * from (${keptAndLive('analytics_days', columns, period, countDays)}) days order by day`)
}

/** The reply times' percentiles before and from `middle` on: the upper edge of the bucket they fall into. Two rows at most. */
export async function readReplyTimes(period: CountedPeriod, middle: string): Promise<{ current: boolean, p50: number, p95: number }[]> {
  const edge = (share: number) => sql`round(power(${BUCKET_BASE}::float8, min(bucket) filter (where so_far >= ${share}::float8 * total) + 1))::int`
  return rowsOf(sql`
    with times as (${keptAndLive('analytics_reply_times', sql`day, bucket, replies`, period, countReplyTimes)}),
      summed as (select day >= ${middle}::date as current, bucket, sum(replies) as replies from times group by 1, 2),
      running as (select current, bucket, sum(replies) over (partition by current order by bucket) as so_far, sum(replies) over (partition by current) as total from summed)
    select current, ${edge(0.5)} as p50, ${edge(0.95)} as p95 from running group by current`)
}

export interface RankedFaq { faqId: string, question: string, answers: number, up: number, down: number, usedRank: number, worstRank: number }

/** The FAQs that are among the first `limit` by answers, or by thumbs down. */
export async function listRankedFaqs(period: CountedPeriod, limit: number): Promise<RankedFaq[]> {
  return rowsOf<RankedFaq>(sql`
    with counted as (select faq_id, sum(answers)::int as answers, sum(up)::int as up, sum(down)::int as down from (
        ${keptAndLive('analytics_faqs', sql`faq_id, answers, up, down`, period, countFaqs)}) faq_days group by faq_id),
      ranked as (select f.id, f.question, c.answers, c.up, c.down,
        row_number() over (order by c.answers desc, f.id)::int as used, row_number() over (order by c.down desc, c.up, f.id)::int as worst
        from counted c join faqs f on f.id = c.faq_id)
    select id as "faqId", question, answers, up, down, used as "usedRank", worst as "worstRank" from ranked where used <= ${limit}::int or worst <= ${limit}::int`)
}
