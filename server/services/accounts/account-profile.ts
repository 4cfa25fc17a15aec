import { notFound } from '#server/core/app-error'
import { env } from '#server/core/env'
import { hasIdentity } from '#server/db/identities'
import { findUserById, updateName } from '#server/db/users'
import type { AccountProfile } from '#shared/contracts/account'
import { oidcName } from './oidc/oidc-client'

/** Throws NOT_FOUND when the account has gone meanwhile. */
export async function readProfile(userId: string, canSendLinks: boolean): Promise<AccountProfile> {
  const user = await findUserById(userId)
  if (!user) throw notFound('account')
  const { OIDC_ISSUER } = env()
  const name = oidcName()
  const isLinked = OIDC_ISSUER !== undefined && await hasIdentity(userId, OIDC_ISSUER)
  return {
    name: user.name,
    email: user.email,
    email_verified: user.emailVerifiedAt !== null,
    can_send_links: canSendLinks,
    has_password: user.passwordHash !== null,
    oidc: name && isLinked ? { name } : null,
  }
}

/** Gives the profile as it is then. */
export async function changeProfile(userId: string, change: { name: string }, canSendLinks: boolean): Promise<AccountProfile> {
  await updateName(userId, change.name)
  return readProfile(userId, canSendLinks)
}
