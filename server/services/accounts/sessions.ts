import { createHmac, randomBytes } from 'node:crypto'
import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { accountOf } from '#server/db/changes'
import { diskTrouble } from '#server/db/errors'
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

/** `until`: by `performance.now()`, which nobody sets. */
interface Verified { user: SessionUser, until: number }
const verified = changeWatch.cache<Verified>({ entries: KEPT_SESSIONS, maxAgeMs: KEPT_MS, unwatchedMs: UNWATCHED_MS })

/** Keyed with AUTH_SECRET: a copy of the sessions table alone cannot even check a guessed token. */
export function hashToken(token: string): string {
  return createHmac('sha256', env().AUTH_SECRET).update(token).digest('base64url')
}

export interface OpenedSession { token: string }

/** Opens a session of 30 days. The token, 256 random bits, is known to the customer's cookie alone. */
export async function openSession(userId: string, userAgent: string | null): Promise<OpenedSession> {
  const token = randomBytes(32).toString('base64url')
  await insertSession({ tokenHash: hashToken(token), userId, userAgent: userAgent?.slice(0, 300) ?? null, lifeMs: SESSION_MS })
  return { token }
}

export interface SignedIn { user: SessionUser, /** From now on it lasts SESSION_DAYS again, and the cookie can too. */ extended: boolean }

/** Who the token belongs to as far as memory knows; undefined: `findSignedIn` has to find out. */
export function findVerified(token: string): SessionUser | undefined {
  const kept = verified.find(hashToken(token))
  return kept && kept.until > performance.now() ? kept.user : undefined
}

/** As `findVerified`, with the database asked where memory does not know; undefined: nobody's, or `findSignedIn` has to extend it. */
export async function verify(token: string): Promise<SessionUser | undefined> {
  const kept = findVerified(token)
  if (kept || !isToken(token)) return kept
  const found = await lookUp(hashToken(token))
  return found && !found.due ? found.session.user : undefined
}

/** Anything else was not made by us; spare the database. */
const isToken = (token: string) => /^[\w-]{43}$/.test(token)

/** Looks the session up and remembers it, but for one that is due to be extended. */
function lookUp(tokenHash: string) {
  const askedAt = performance.now()
  return verified.read(tokenHash, async () => {
    const session = await findLiveSession(tokenHash)
    if (!session) return null
    const { user, unseenMs, leftMs } = session
    const due = unseenMs >= EXTEND_AFTER_MS
    return { session, value: { user, until: askedAt + leftMs }, tags: [accountOf(user.id), tokenHash], keep: !due, due }
  })
}

/**
 * Who the token belongs to; null when the session is over, forged or the user disabled. One that was ended on this server
 * is over at once, on another one within seconds (docs/decisions/0022).
 */
export async function findSignedIn(token: string): Promise<SignedIn | null> {
  if (!isToken(token)) return null
  const tokenHash = hashToken(token)
  const kept = verified.find(tokenHash)
  if (kept && kept.until > performance.now()) return { user: kept.user, extended: false }
  const found = await lookUp(tokenHash)
  if (!found) return null
  const { session: { id, user }, due } = found
  return { user, extended: due && await extendIfPossible(id) }
}

/** A database that takes no writes just now (its disk is full) still lets people read: the next request tries again. */
async function extendIfPossible(id: string): Promise<boolean> {
  try {
    await extendSession(id, SESSION_MS)
    return true
  }
  catch (error) {
    if (!diskTrouble(error)) throw error
    log.warn({ err: error }, 'A session could not be extended')
    return false
  }
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
