import { and, desc, eq, ne, sql, type SQL } from 'drizzle-orm'
import { sessions } from '#drizzle/schema'
import type { Role, SessionUser } from '#shared/contracts/auth'
import { accountOf, changing } from './changes'
import { db, rowsOfPrepared } from './client'
import { Gathering } from './gathering'
import { timeIn } from './time'

/*
 * How long a session lasts is the database's time alone: a server whose clock is wrong ends nobody's session and prolongs
 * none.
 */

/** `unseenMs`: how long ago it was last written; `leftMs`: until it is over. */
export interface LiveSession { id: string, unseenMs: number, leftMs: number, user: SessionUser }

interface SessionLine { id: string, unseen: number, left: number, userId: string, email: string, name: string, role: Role }

const toSession = (row: SessionLine): LiveSession => ({ id: row.id, unseenMs: row.unseen, leftMs: row.left, user: { id: row.userId, email: row.email, name: row.name, role: row.role } })

const sessionBy = (tokenHash: SQL) => sql`
    select s.id, extract(epoch from now() - s.last_seen_at)::float8 * 1000 as unseen, extract(epoch from s.expires_at - now())::float8 * 1000 as left, u.id as "userId", u.email, u.name, u.role
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = ${tokenHash} and s.expires_at > now() and u.disabled_at is null`

const liveSessions = new Gathering<string, LiveSession>(
  async (tokenHash) => {
    const [row] = await rowsOfPrepared<SessionLine>(sessionBy(sql`${tokenHash}`))
    return row ? toSession(row) : null
  },
  async (tokenHashes) => {
    // With a limit each is looked up by the index, whatever the planner thinks of their number.
    const rows = await rowsOfPrepared<SessionLine & { n: number }>(sql`
      select asked.n::int as n, live.* from unnest(string_to_array(${tokenHashes.join(',')}, ',')) with ordinality as asked(hash, n), lateral (${sessionBy(sql`asked.hash`)} limit 1) live`)
    const found = new Map(rows.map(row => [row.n, toSession(row)]))
    return tokenHashes.map((_, index) => found.get(index + 1) ?? null)
  },
)

/** The session behind a token's hash with its user as they are now; null when it is over, unknown, or the user is disabled. */
export const findLiveSession = (tokenHash: string): Promise<LiveSession | null> => liveSessions.find(tokenHash)

export async function insertSession({ lifeMs, ...session }: { tokenHash: string, userId: string, userAgent: string | null, lifeMs: number }): Promise<void> {
  await db().insert(sessions).values({ ...session, expiresAt: timeIn(lifeMs) })
}

/** From now on it lasts `lifeMs`. */
export async function extendSession(id: string, lifeMs: number): Promise<void> {
  await db().update(sessions).set({ lastSeenAt: sql`now()`, expiresAt: timeIn(lifeMs) }).where(eq(sessions.id, id))
}

export async function deleteSessionByToken(tokenHash: string): Promise<void> {
  await changing(tokenHash, () => db().delete(sessions).where(eq(sessions.tokenHash, tokenHash)))
}

/** Deletes one session of the user's own by its id; false: there is none. */
export async function deleteSessionOf(userId: string, id: string): Promise<boolean> {
  return (await changing(accountOf(userId), () => db().delete(sessions).where(and(eq(sessions.id, id), eq(sessions.userId, userId))).returning({ id: sessions.id }))).length > 0
}

/** Deletes every session of the user but one; says how many were still good. */
export async function deleteOtherSessions(userId: string, keepTokenHash: string): Promise<number> {
  return countLive(await changing(accountOf(userId), () => db().delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.tokenHash, keepTokenHash))).returning({ isLive: sql<boolean>`${sessions.expiresAt} > now()` })))
}

/** Deletes every session of the user; says how many were still good. */
export async function deleteSessionsOf(userId: string): Promise<number> {
  return countLive(await changing(accountOf(userId), () => db().delete(sessions).where(eq(sessions.userId, userId)).returning({ isLive: sql<boolean>`${sessions.expiresAt} > now()` })))
}

const countLive = (ended: { isLive: boolean }[]) => ended.filter(({ isLive }) => isLive).length

export type SessionRow = typeof sessions.$inferSelect

/** The user's sessions that are not over, the one used last first; at most `limit` (sessions_user_idx). */
export async function listLiveSessions(userId: string, limit: number): Promise<SessionRow[]> {
  return db().select().from(sessions).where(and(eq(sessions.userId, userId), sql`${sessions.expiresAt} > now()`)).orderBy(desc(sessions.lastSeenAt), desc(sessions.id)).limit(limit)
}

export async function deleteExpiredSessions(): Promise<void> {
  await db().delete(sessions).where(sql`${sessions.expiresAt} < now()`)
}
