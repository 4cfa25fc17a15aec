import { and, desc, eq, gt, lt, ne, sql } from 'drizzle-orm'
import { sessions } from '#drizzle/schema'
import type { Role, SessionUser } from '#shared/contracts/auth'
import { accountOf, changing } from './changes'
import { db, rowsOfPrepared } from './client'

export interface LiveSession { id: string, lastSeenAt: Date, expiresAt: Date, user: SessionUser }

/** The session behind a token's hash with its user as they are now; null when it is over, unknown, or the user is disabled. */
export async function findLiveSession(tokenHash: string, now: Date): Promise<LiveSession | null> {
  const [row] = await rowsOfPrepared<{ id: string, seen: number, expires: number, userId: string, email: string, name: string, role: Role }>(sql`
    select s.id, extract(epoch from s.last_seen_at)::float8 * 1000 as seen, extract(epoch from s.expires_at)::float8 * 1000 as expires, u.id as "userId", u.email, u.name, u.role
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = ${tokenHash} and s.expires_at > ${now.toISOString()}::timestamptz and u.disabled_at is null`)
  return row ? { id: row.id, lastSeenAt: new Date(row.seen), expiresAt: new Date(row.expires), user: { id: row.userId, email: row.email, name: row.name, role: row.role } } : null
}

export async function insertSession(session: { tokenHash: string, userId: string, userAgent: string | null, expiresAt: Date }): Promise<void> {
  await db().insert(sessions).values(session)
}

export async function extendSession(id: string, lastSeenAt: Date, expiresAt: Date): Promise<void> {
  await db().update(sessions).set({ lastSeenAt, expiresAt }).where(eq(sessions.id, id))
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
  return countLive(await changing(accountOf(userId), () => db().delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.tokenHash, keepTokenHash))).returning({ expiresAt: sessions.expiresAt })))
}

/** Deletes every session of the user; says how many were still good. */
export async function deleteSessionsOf(userId: string): Promise<number> {
  return countLive(await changing(accountOf(userId), () => db().delete(sessions).where(eq(sessions.userId, userId)).returning({ expiresAt: sessions.expiresAt })))
}

const countLive = (ended: { expiresAt: Date }[]) => ended.filter(({ expiresAt }) => expiresAt > new Date()).length

export type SessionRow = typeof sessions.$inferSelect

/** The user's sessions that are not over, the one used last first; at most `limit` (sessions_user_idx). */
export async function listLiveSessions(userId: string, now: Date, limit: number): Promise<SessionRow[]> {
  return db().select().from(sessions).where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now))).orderBy(desc(sessions.lastSeenAt), desc(sessions.id)).limit(limit)
}

export async function deleteExpiredSessions(now: Date): Promise<void> {
  await db().delete(sessions).where(lt(sessions.expiresAt, now))
}
