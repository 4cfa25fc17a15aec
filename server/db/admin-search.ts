import { and, desc, eq, inArray, sql, type SQL } from 'drizzle-orm'
import { conversations, users } from '#drizzle/schema'
import type { Sender } from '#shared/contracts/chat'
import { conversationFilter, shown, type ConversationFilter, type RecentPosition } from './admin-conversations'
import { db, rowsOf } from './client'
import { searchQuery } from './text-search'

/*
 * Conversations by their words. The index of the words (GIN) knows no order, so the newest of a word that is in every
 * third message cannot simply be taken from it. Few hits are all looked at; of many, those of the last day, then of the
 * last four days, and so on, until the page is full.
 */
const FEW = 2_000
const WINDOWS_DAYS = [1, 4, 16, 64, 256]

export interface MatchedMessage { id: string, seq: number, sender: Sender, text: string }
export interface SearchOptions extends ConversationFilter {
  q: string
  /** When the message was written. */
  from?: Date
  to?: Date
  after: RecentPosition | null
  limit: number
}

/** Conversations with a message that has all the words, the one with the newest such message first; `at`: that message's time. */
export async function searchConversations({ q, from, to, after, limit, ...filter }: SearchOptions) {
  const query = searchQuery(q)
  if (!query) return []
  const latest = new Date(Math.min(after?.at.getTime() ?? Infinity, to?.getTime() ?? Infinity, Date.now() + 60_000))
  const search = (since: Date | undefined) => listMatching(query, { since, latest, after, limit, filter })
  // A few people's conversations are read themselves, whatever the word.
  if (filter.customerIds || await isFew(query)) return search(from)
  for (const days of WINDOWS_DAYS) {
    const since = new Date(latest.getTime() - days * 86_400_000)
    if (from && since < from) break
    const found = await search(since)
    if (found.length >= limit) return found
  }
  return search(from)
}

const matches = (query: SQL, message = sql`m`) => sql`search_words(${message}.text) @@ ${query}`
const time = (date: Date) => sql`${date.toISOString()}::timestamptz`

async function isFew(query: SQL): Promise<boolean> {
  const [row] = await rowsOf<{ found: number }>(sql`select count(*)::int as found from (select 1 from messages m where ${matches(query)} limit ${FEW + 1}::int) few`)
  return row!.found <= FEW
}

interface Page { since: Date | undefined, latest: Date, after: RecentPosition | null, limit: number, filter: ConversationFilter }

async function listMatching(query: SQL, { since, latest, after, limit, filter }: Page) {
  const hits = db().$with('hits').as(db().select({ conversationId: sql<string>`m.conversation_id`.as('conversation_id'), at: sql<string>`max(m.created_at)`.as('at') })
    .from(sql`messages m`).where(and(
      matches(query),
      sql`m.created_at <= ${time(latest)}`,
      since && sql`m.created_at >= ${time(since)}`,
      // Through messages_client_id_unique, which begins with the customer.
      filter.customerIds && inArray(sql`m.customer_id`, filter.customerIds),
    )).groupBy(sql`m.conversation_id`))
  const rows = await db().with(hits).select({ ...shown, at: sql<string>`hits.at`, match: sql<MatchedMessage>`(
      select json_build_object('id', m.id, 'seq', m.seq, 'sender', m.sender, 'text', left(m.text, 600)) from messages m
      where m.conversation_id = ${conversations.id} and m.created_at = hits.at and ${matches(query)} order by m.seq desc limit 1)` })
    .from(hits).innerJoin(conversations, sql`${conversations.id} = hits.conversation_id`).innerJoin(users, eq(users.id, conversations.customerId))
    .where(and(
      conversationFilter(filter),
      // A page before has shown those with a newer match.
      after
        ? sql`(hits.at, ${conversations.id}) < (${time(after.at)}, ${after.id}::uuid) and not exists (
        select 1 from messages n where n.conversation_id = ${conversations.id} and n.created_at > ${time(latest)} and ${matches(query, sql`n`)})`
        : undefined,
    )).orderBy(desc(sql`hits.at`), desc(conversations.id)).limit(limit)
  return rows.map(row => ({ ...row, at: new Date(row.at) }))
}
