import { notFound } from '#server/core/app-error'
import { listLiveSessions } from '#server/db/sessions'
import type { AccountSession } from '#shared/contracts/account'
import { describeDevice } from './describe-device'
import { endSessionById, hashToken } from './sessions'

/** More than a person looks through; whoever has more can end them all at once. */
const SHOWN = 100

/** Where the user is signed in, the session used last first. `currentToken` is the one of the request that asks. */
export async function listAccountSessions(userId: string, currentToken: string): Promise<AccountSession[]> {
  const current = hashToken(currentToken)
  const rows = await listLiveSessions(userId, SHOWN)
  return rows.map(({ id, userAgent, tokenHash, createdAt, lastSeenAt, expiresAt }) => ({
    id,
    device: describeDevice(userAgent),
    signed_in_at: createdAt.toISOString(),
    last_seen_at: lastSeenAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    current: tokenHash === current,
  }))
}

/** Ends one of the user's own sessions. Throws NOT_FOUND for somebody else's and for one that is over. */
export async function endAccountSession(userId: string, id: string): Promise<void> {
  if (!await endSessionById(userId, id)) throw notFound('signed-in device')
}
