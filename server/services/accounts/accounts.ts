import { AppError } from '#server/core/app-error'
import { hashPassword, verifyPassword } from '#server/core/password-hash'
import { inTransaction } from '#server/db/client'
import { findUserByEmail, findUserById, holdUser, insertUser, replacePasswordHash, type UserRow } from '#server/db/users'
import type { Role, SessionUser } from '#shared/contracts/auth'
import { brokenPasswordRule, passwordSentence, type PasswordReason } from './password-rules'
import { endOtherSessions, openSession, type OpenedSession } from './sessions'

export const sessionUser = ({ id, email, name, role }: UserRow): SessionUser => ({ id, email, name, role })

/** Throws CONFLICT for a taken e-mail address (whatever its case) and VALIDATION_ERROR for a password that is easily guessed. */
export async function register(account: { email: string, password: string, name: string, role?: Role }): Promise<SessionUser> {
  await refuseGuessable(account.password, account, 'password')
  const passwordHash = await hashPassword(account.password)
  const user = await insertUser({ email: account.email, name: account.name, passwordHash, role: account.role ?? 'customer' })
  if (!user) throw new AppError('CONFLICT', 'There is an account with this e-mail address already: sign in instead.')
  return sessionUser(user)
}

export interface SignedInNow { user: SessionUser, session: OpenedSession }

/** null: wrong, whichever of the two, or disabled; it takes the same time either way. */
export async function signIn(credentials: { email: string, password: string, userAgent: string | null }): Promise<SignedInNow | null> {
  const user = await findUserByEmail(credentials.email)
  const right = await verifyPassword(credentials.password, user?.passwordHash ?? null)
  if (!user || !right) return null
  return inTransaction(async () => {
    // Checking took a while: a password changed or an account disabled meanwhile counts.
    const now = await holdUser(user.id)
    if (!now || now.passwordHash !== user.passwordHash || now.disabledAt) return null
    return { user: sessionUser(now), session: await openSession(now.id, credentials.userAgent) }
  })
}

/** Changes the password and ends the user's other sessions. Throws VALIDATION_ERROR when the current one is wrong or the new one easily guessed. */
export async function changePassword(userId: string, change: { currentPassword: string, newPassword: string, keepToken: string }): Promise<SessionUser> {
  const wrong = () => invalid('current_password', 'That is not your current password.', 'wrong_password')
  const user = await findUserById(userId)
  if (!user || !await verifyPassword(change.currentPassword, user.passwordHash)) throw wrong()
  if (change.newPassword === change.currentPassword) throw refusedPassword('new_password', 'unchanged')
  await refuseGuessable(change.newPassword, user, 'new_password')
  const passwordHash = await hashPassword(change.newPassword)
  await inTransaction(async () => {
    if (!await replacePasswordHash(userId, user.passwordHash, passwordHash)) throw wrong()
    await endOtherSessions(userId, change.keepToken)
  })
  return sessionUser(user)
}

/** Throws VALIDATION_ERROR that says why, with the rule's name as `reason`. */
export async function refuseGuessable(password: string, account: { email: string, name?: string }, path: string): Promise<void> {
  const reason = await brokenPasswordRule(password, account)
  if (reason) throw refusedPassword(path, reason)
}

const refusedPassword = (path: string, reason: PasswordReason) => invalid(path, passwordSentence(reason), reason)

/** A VALIDATION_ERROR about one field. */
export const invalid = (path: string, message: string, reason?: string) => new AppError('VALIDATION_ERROR', message, { details: [{ path, message, ...(reason ? { reason } : {}) }] })
