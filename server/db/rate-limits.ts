import { eq, lt, sql } from 'drizzle-orm'
import { rateLimits } from '#drizzle/schema'
import { db, rowsOf } from './client'

/** Calls by slice of time, as JSON has them. */
export type StoredHits = Record<string, number>

/** Both maps as one, without what is over and what has been given back. */
const merged = (mine: string, theirs: string, oldest: string) => sql.raw(`(
  select coalesce(jsonb_object_agg(slice, count), '{}'::jsonb) from (
    select key as slice, sum(value::int) as count from (select * from jsonb_each_text(${mine}) union all select * from jsonb_each_text(${theirs})) both_of_them
    where key::bigint >= ${oldest} group by key having sum(value::int) > 0
  ) counted)`)

/** Takes one call where fewer than `points` count (those of the slices from `oldest` to `newest`), in one statement that the row's lock makes safe. False: none is left. */
export async function takeHit({ key, slice, oldest, newest, points, expiresAt }: { key: string, slice: number, oldest: number, newest: number, points: number, expiresAt: Date }): Promise<boolean> {
  const rows = await rowsOf(sql`
    insert into rate_limits as kept (key, hits, expires_at) values (${key}, jsonb_build_object(${String(slice)}::text, 1), ${expiresAt.toISOString()}::timestamptz)
    on conflict (key) do update set hits = ${merged('kept.hits', 'excluded.hits', String(oldest))}, expires_at = excluded.expires_at
    where (select coalesce(sum(value::int), 0) from jsonb_each_text(kept.hits) where key::bigint between ${oldest}::bigint and ${newest}::bigint) < ${points}::bigint
    returning 1 as taken`)
  return rows.length > 0
}

/** null: nothing counts for this key. */
export async function findHits(key: string): Promise<StoredHits | null> {
  const [row] = await db().select({ hits: rateLimits.hits }).from(rateLimits).where(eq(rateLimits.key, key))
  return row?.hits ?? null
}

/** Takes a call of that slice back. */
export async function removeHit(key: string, slice: string): Promise<void> {
  await db().update(rateLimits).set({ hits: sql`jsonb_set(${rateLimits.hits}, array[${slice}::text], to_jsonb(greatest(0, coalesce((${rateLimits.hits} ->> ${slice}::text)::int, 0) - 1)))` }).where(eq(rateLimits.key, key))
}

/** Adds what a server has counted, and gives what all of them have: one statement for any number of keys, locked in one order. */
export async function addHits(rows: { key: string, hits: StoredHits, oldest: number, expires_at: string }[]): Promise<{ key: string, hits: StoredHits }[]> {
  return rowsOf(sql`
    insert into rate_limits as kept (key, hits, expires_at)
    select key, hits, expires_at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as sent (key text, hits jsonb, expires_at timestamptz) order by key
    on conflict (key) do update set expires_at = excluded.expires_at, hits = ${merged('kept.hits', 'excluded.hits', '0')}
    returning key, hits`)
}

export async function deleteExpiredHits(now: Date): Promise<void> {
  await db().delete(rateLimits).where(lt(rateLimits.expiresAt, now))
}
