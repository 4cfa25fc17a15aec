import type { H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { findSignedIn } from '#server/services/accounts/sessions'
import type { SessionUser } from '#shared/contracts/auth'
import { rememberOwnWrites } from './own-writes'
import { readSessionToken, writeSessionCookie, writeSignedInMarker } from './session-cookie'

/** Who is signed in; null: nobody. */
export async function findUser(event: H3Event): Promise<SessionUser | null> {
  const token = readSessionToken(event)
  const signedIn = token ? await findSignedIn(token) : null
  if (token && signedIn?.extended) {
    writeSessionCookie(event, token)
    writeSignedInMarker(event)
  }
  return signedIn?.user ?? null
}

/** A signed-in person, customer or admin. Throws NOT_AUTHENTICATED. */
export async function requireCustomer(event: H3Event): Promise<SessionUser> {
  const user = await findUser(event)
  if (!user) throw new AppError('NOT_AUTHENTICATED', 'Please sign in to go on.')
  return user
}

/** Throws NOT_AUTHENTICATED or NOT_AUTHORIZED. */
export async function requireAdmin(event: H3Event): Promise<SessionUser> {
  const user = await requireCustomer(event)
  if (user.role !== 'admin') throw new AppError('NOT_AUTHORIZED', 'This needs an admin: sign in as one, or ask an admin for the role.')
  rememberOwnWrites(event)
  return user
}
