import { createHmac, randomBytes } from 'node:crypto'
import { env } from '#server/core/env'
import { deleteOtherSessions, deleteSessionByToken, deleteSessionOf, deleteSessionsOf, extendSession, findLiveSession, insertSession } from '#server/db/sessions'
import type { SessionUser } from '#shared/contracts/auth'

export const SESSION_DAYS = 30
const SESSION_MS = SESSION_DAYS * 24 * 60 * 60 * 1000
/** A session slides, but is not written for every request. */
const EXTEND_AFTER_MS = 60 * 60 * 1000

/** Keyed with AUTH_SECRET: a copy of the sessions table alone cannot even check a guessed token. */
export function hashToken(token: string): string {
  return createHmac('sha256', env().AUTH_SECRET).update(token).digest('base64url')
}

export interface OpenedSession { token: string, expiresAt: Date }

/** Opens a session of 30 days. The token, 256 random bits, is known to the customer's cookie alone. */
export async function openSession(userId: string, userAgent: string | null): Promise<OpenedSession> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + SESSION_MS)
  await insertSession({ tokenHash: hashToken(token), userId, userAgent: userAgent?.slice(0, 300) ?? null, expiresAt })
  return { token, expiresAt }
}

export interface SignedIn { user: SessionUser, /** Set when the session was extended, so that the cookie can be too. */ extendedTo: Date | null }

/** Who the token belongs to; null when the session is over, forged or the user disabled. */
export async function findSignedIn(token: string): Promise<SignedIn | null> {
  // Anything else was not made by us; spare the database.
  if (!/^[\w-]{43}$/.test(token)) return null
  const now = new Date()
  const session = await findLiveSession(hashToken(token), now)
  if (!session) return null
  if (now.getTime() - session.lastSeenAt.getTime() < EXTEND_AFTER_MS) return { user: session.user, extendedTo: null }
  const extendedTo = new Date(now.getTime() + SESSION_MS)
  await extendSession(session.id, now, extendedTo)
  return { user: session.user, extendedTo }
}

/*
 * Whatever ends a session comes through one of the four below, so that what is remembered of sessions can be forgotten in
 * one place.
 */

/** Ends the session of this token, on every server. */
export async function endSession(token: string): Promise<void> {
  await deleteSessionByToken(hashToken(token))
}

/** Ends one session of the user's own by its id, on every server; false: they have no such session. */
export async function endSessionById(userId: string, id: string): Promise<boolean> {
  return deleteSessionOf(userId, id)
}

/** Ends every session of the user but the one of this token, on every server; says how many. */
export async function endOtherSessions(userId: string, keepToken: string): Promise<number> {
  return deleteOtherSessions(userId, hashToken(keepToken))
}

/** Ends every session of the user, on every server; says how many. */
export async function endAllSessions(userId: string): Promise<number> {
  return deleteSessionsOf(userId)
}
