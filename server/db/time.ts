import { sql } from 'drizzle-orm'
import { rowsOf } from './client'

/*
 * The database's clock is the one that all servers share. What lasts for a time (sessions, links, claims), what is deleted
 * because of its age, and when a message was written go by it: a server's own clock may be wrong, or be set while it runs.
 */

/** So many milliseconds from now (below 0: ago), for a statement. */
export const timeIn = (ms: number) => sql`now() + ${Math.round(ms)}::bigint * interval '1 millisecond'`

/** The database's time; inside of a transaction that of its beginning. */
export async function databaseTime(): Promise<Date> {
  const [row] = await rowsOf<{ ms: number }>(sql`select extract(epoch from now())::float8 * 1000 as ms`)
  return new Date(row!.ms)
}
