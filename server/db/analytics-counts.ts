import { sql, type SQL } from 'drizzle-orm'

/*
 * How the overview's figures are counted, once: the same statements fill the daily figures and answer for the days that
 * have none yet. Each reads one range of an index on created_at.
 */

/** Whole days of a calendar, both included. */
export interface DayRange { from: string, to: string, /** IANA. */ zone: string }

const dayOf = (at: SQL, { zone }: DayRange) => sql`(${at} at time zone ${zone}::text)::date`
const within = (at: SQL, { from, to, zone }: DayRange) =>
  sql`${at} >= ${from}::date::timestamp at time zone ${zone}::text and ${at} < (${to}::date + 1)::timestamp at time zone ${zone}::text`

const suggests = sql`jsonb_array_length(coalesce(m.suggestions, '[]')) > 0`

/** A row a day on which something happened. A conversation counts where its first message is, a rating where it was first given. */
export function countDays(range: DayRange): SQL {
  return sql`select day, sum(conversations)::int as conversations, sum(messages)::int as messages, sum(questions)::int as questions,
      sum(faq)::int as faq, sum(suggestion)::int as suggestion, sum(rag)::int as rag, sum(fallback)::int as fallback, sum(up)::int as up, sum(down)::int as down
    from (
      select ${dayOf(sql`m.created_at`, range)} as day,
        count(*) filter (where m.seq = 1) as conversations, count(*) as messages, count(*) filter (where m.sender = 'customer') as questions,
        count(*) filter (where m.source = 'faq' and not ${suggests}) as faq, count(*) filter (where ${suggests}) as suggestion,
        count(*) filter (where m.source = 'rag' and not ${suggests}) as rag, count(*) filter (where m.source = 'fallback' and not ${suggests}) as fallback, 0 as up, 0 as down
      from messages m where ${within(sql`m.created_at`, range)} group by 1
      union all
      select ${dayOf(sql`f.created_at`, range)}, 0, 0, 0, 0, 0, 0, 0, count(*) filter (where f.value = 'up'), count(*) filter (where f.value = 'down')
      from feedback f where ${within(sql`f.created_at`, range)} group by 1
    ) counted group by day`
}

/** The base of the histogram's logarithm: a bucket is a tenth wider than the one before. */
export const BUCKET_BASE = 1.1

/**
 * How long after its question each of the bot's replies was there: `day, bucket, replies`. Questions of the same days are
 * joined by their range of the index (of a plain join the planner reads the whole table), an older one is looked up.
 */
export function countReplyTimes(range: DayRange): SQL {
  return sql`select day, floor(ln(greatest(extract(epoch from took) * 1000, 1)::float8) / ln(${BUCKET_BASE}::float8))::int as bucket, count(*)::int as replies
    from (
      select ${dayOf(sql`m.created_at`, range)} as day, m.created_at - coalesce(q.created_at, (select o.created_at from messages o where o.id = m.reply_to)) as took
      from messages m left join (select n.id, n.created_at from messages n where ${within(sql`n.created_at`, range)} and n.sender = 'customer') q on q.id = m.reply_to
      where ${within(sql`m.created_at`, range)} and m.sender = 'bot' and m.reply_to is not null
    ) replied where took is not null group by 1, 2`
}

/** What each FAQ answered, and how its answers were rated: `day, faq_id, answers, up, down`. */
export function countFaqs(range: DayRange): SQL {
  return sql`select day, faq_id, sum(answers)::int as answers, sum(up)::int as up, sum(down)::int as down from (
      select ${dayOf(sql`m.created_at`, range)} as day, m.faq_id, count(*) as answers, 0 as up, 0 as down
      from messages m where ${within(sql`m.created_at`, range)} and m.sender = 'bot' and m.faq_id is not null group by 1, 2
      union all
      select ${dayOf(sql`f.created_at`, range)}, coalesce(m.faq_id, f.faq_id), 0, count(*) filter (where f.value = 'up'), count(*) filter (where f.value = 'down')
      from feedback f left join messages m on m.id = f.message_id where ${within(sql`f.created_at`, range)} and f.value is not null and coalesce(m.faq_id, f.faq_id) is not null group by 1, 2
    ) counted group by day, faq_id`
}
