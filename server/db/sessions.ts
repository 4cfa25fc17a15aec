import { and, eq, gt, isNull, lt, ne } from 'drizzle-orm'
import { sessions, users } from '#drizzle/schema'
import type { SessionUser } from '#shared/contracts/auth'
import { db } from './client'

export interface LiveSession { id: string, lastSeenAt: Date, user: SessionUser }

/** The session behind a token's hash with its user as they are now; null when it is over, unknown, or the user is disabled. */
export async function findLiveSession(tokenHash: string, now: Date): Promise<LiveSession | null> {
  const [row] = await db().select({ id: sessions.id, lastSeenAt: sessions.lastSeenAt, userId: users.id, email: users.email, name: users.name, role: users.role })
    .from(sessions).innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now), isNull(users.disabledAt)))
  return row ? { id: row.id, lastSeenAt: row.lastSeenAt, user: { id: row.userId, email: row.email, name: row.name, role: row.role } } : null
}

export async function insertSession(session: { tokenHash: string, userId: string, userAgent: string | null, expiresAt: Date }): Promise<void> {
  await db().insert(sessions).values(session)
}

export async function extendSession(id: string, lastSeenAt: Date, expiresAt: Date): Promise<void> {
  await db().update(sessions).set({ lastSeenAt, expiresAt }).where(eq(sessions.id, id))
}

export async function deleteSessionByToken(tokenHash: string): Promise<void> {
  await db().delete(sessions).where(eq(sessions.tokenHash, tokenHash))
}

/** Ends every session of the user but one. */
export async function deleteOtherSessions(userId: string, keepTokenHash: string): Promise<void> {
  await db().delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.tokenHash, keepTokenHash)))
}

/** Ends every session of the user, on every server. */
export async function deleteSessionsOf(userId: string): Promise<void> {
  await db().delete(sessions).where(eq(sessions.userId, userId))
}

export async function deleteExpiredSessions(now: Date): Promise<void> {
  await db().delete(sessions).where(lt(sessions.expiresAt, now))
}
