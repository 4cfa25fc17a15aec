import { createHmac, randomBytes } from 'node:crypto'
import { env } from '#server/core/env'
import { accountOf } from '#server/db/changes'
import { deleteOtherSessions, deleteSessionByToken, deleteSessionOf, deleteSessionsOf, extendSession, findLiveSession, insertSession } from '#server/db/sessions'
import { changeWatch } from '#server/services/watch/change-watch'
import type { SessionUser } from '#shared/contracts/auth'

export const SESSION_DAYS = 30
const SESSION_MS = SESSION_DAYS * 24 * 60 * 60 * 1000
/** A session slides, but is not written for every request. */
const EXTEND_AFTER_MS = 60 * 60 * 1000

/*
 * Who was verified just now is not looked up again. Ended sessions and changed accounts are heard of from every server;
 * while that is not proven, nobody is believed for longer than UNWATCHED_MS. An hour-old session is written anew at its
 * next look-up, so the longest time costs that a part of a minute.
 */
const KEPT_SESSIONS = 50_000
const KEPT_MS = 30_000
const UNWATCHED_MS = 3_000

interface Verified { user: SessionUser, expiresAt: number }
const verified = changeWatch.cache<Verified>({ entries: KEPT_SESSIONS, maxAgeMs: KEPT_MS, unwatchedMs: UNWATCHED_MS })

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

/** Who the token belongs to as far as memory knows; undefined: `findSignedIn` has to find out. */
export function findVerified(token: string): SessionUser | undefined {
  const kept = verified.find(hashToken(token))
  return kept && kept.expiresAt > Date.now() ? kept.user : undefined
}

/**
 * Who the token belongs to; null when the session is over, forged or the user disabled. One that was ended on this server
 * is over at once, on another one within seconds (docs/decisions/0022).
 */
export async function findSignedIn(token: string): Promise<SignedIn | null> {
  // Anything else was not made by us; spare the database.
  if (!/^[\w-]{43}$/.test(token)) return null
  const tokenHash = hashToken(token)
  const kept = verified.find(tokenHash)
  if (kept && kept.expiresAt > Date.now()) return { user: kept.user, extendedTo: null }
  const now = new Date()
  const found = await verified.read(tokenHash, async () => {
    const session = await findLiveSession(tokenHash, now)
    if (!session) return null
    const { user, expiresAt } = session
    const due = now.getTime() - session.lastSeenAt.getTime() >= EXTEND_AFTER_MS
    return { session, value: { user, expiresAt: expiresAt.getTime() }, tags: [accountOf(user.id), tokenHash], keep: !due, due }
  })
  if (!found) return null
  const { session: { id, user }, due } = found
  if (!due) return { user, extendedTo: null }
  const extendedTo = new Date(now.getTime() + SESSION_MS)
  await extendSession(id, now, extendedTo)
  return { user, extendedTo }
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
