import { z } from 'zod'
import { deleteAccountTokensOf } from '#server/db/account-tokens'
import { inTransaction } from '#server/db/client'
import { findIdentityUser, hasIdentity, insertIdentity, touchIdentity } from '#server/db/identities'
import { dropPassword, findUserByEmail, holdUser, insertUser, lockUser, verifyEmail, type UserRow } from '#server/db/users'
import { typedText } from '#shared/contracts/text'
import { sessionUser, type SignedInNow } from '../accounts'
import { endAllSessions, openSession } from '../sessions'

/** Why nobody was signed in through the provider; the sign-in page has a sentence for each. */
export type OidcReason = 'cancelled' | 'expired' | 'unverified' | 'disabled' | 'unavailable' | 'refused'

export class OidcRefusal extends Error {
  override readonly name = 'OidcRefusal'
  constructor(readonly reason: OidcReason) {
    super(`The sign-in through the identity provider was refused: ${reason}`)
  }
}

/** Whom the provider says somebody is. The subject is theirs for ever; an address may pass to somebody else. */
export interface ProvenIdentity { issuer: string, subject: string, email: string | null, emailVerified: boolean, name: string | null }

/**
 * Signs in whoever the identity belongs to: by its subject where it is linked; else by its e-mail address, which then
 * gets linked, or a new customer with it. Throws OidcRefusal: an address the provider has not verified, a disabled
 * account (an admin's as well), an address whose account another identity of the same provider owns.
 *
 * An account whose address nobody has verified may have been made by somebody else, waiting for its owner to come this
 * way. So with the first such sign-in its password stops working, its sessions end and the links it was sent are void.
 */
export async function signInWithIdentity(identity: ProvenIdentity, userAgent: string | null): Promise<SignedInNow> {
  return inTransaction(async () => {
    const known = await findIdentityUser(identity.issuer, identity.subject)
    const user = known ? await holdUser(known) : await link(identity)
    if (!user) throw new OidcRefusal('refused')
    if (user.disabledAt) throw new OidcRefusal('disabled')
    if (known) await touchIdentity(identity.issuer, identity.subject, new Date())
    return { user: sessionUser(user), session: await openSession(user.id, userAgent) }
  })
}

async function link({ issuer, subject, email: given, emailVerified, name }: ProvenIdentity): Promise<UserRow | null> {
  const email = z.email().max(254).safeParse(given?.trim()).data
  if (!email || !emailVerified) throw new OidcRefusal('unverified')
  const now = new Date()
  const inserted = await findUserByEmail(email) ? null : await insertUser({ email, name: nameFrom(name, email), passwordHash: null, role: 'customer', emailVerifiedAt: now })
  // Somebody may have registered it at this very moment: then it is found now.
  const found = inserted ?? await findUserByEmail(email)
  const user = found && await lockUser(found.id)
  if (!user || user.disabledAt) return user
  // Another tab of the same person was quicker while this one waited for the lock.
  if (await findIdentityUser(issuer, subject) === user.id) return user
  if (await hasIdentity(user.id, issuer)) return null
  if (!user.emailVerifiedAt) {
    await dropPassword(user.id)
    await endAllSessions(user.id)
    await deleteAccountTokensOf(user.id)
    await verifyEmail(user.id, email, now)
  }
  // false: the subject was linked to another account at this very moment.
  return await insertIdentity({ issuer, subject, userId: user.id, email }) ? user : null
}

const nameFrom = (name: string | null, email: string): string => typedText(100).safeParse(name?.slice(0, 100) ?? '').data ?? email.split('@')[0]!.slice(0, 100)
