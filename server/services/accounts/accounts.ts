import { AppError } from '#server/core/app-error'
import { hashPassword, verifyPassword } from '#server/core/password-hash'
import { inTransaction } from '#server/db/client'
import { deleteOtherSessions } from '#server/db/sessions'
import { findUserByEmail, findUserById, insertUser, updatePasswordHash, type UserRow } from '#server/db/users'
import type { Role, SessionUser } from '#shared/contracts/auth'
import { hashToken, openSession, type OpenedSession } from './sessions'

export const sessionUser = ({ id, email, name, role }: UserRow): SessionUser => ({ id, email, name, role })

/** Throws CONFLICT for a taken e-mail address (whatever its case) and VALIDATION_ERROR for a password made of it. */
export async function register(account: { email: string, password: string, name: string, role?: Role }): Promise<SessionUser> {
  refuseGuessable(account.password, account.email, 'password')
  const passwordHash = await hashPassword(account.password)
  const user = await insertUser({ email: account.email, name: account.name, passwordHash, role: account.role ?? 'customer' })
  if (!user) throw new AppError('CONFLICT', 'There is an account with this e-mail address already: sign in instead.')
  return sessionUser(user)
}

/** null: wrong, whichever of the two, or disabled; it takes the same time either way. */
export async function signIn(credentials: { email: string, password: string, userAgent: string | null }): Promise<{ user: SessionUser, session: OpenedSession } | null> {
  const user = await findUserByEmail(credentials.email)
  const right = await verifyPassword(credentials.password, user?.passwordHash ?? null)
  if (!user || !right || user.disabledAt) return null
  return { user: sessionUser(user), session: await openSession(user.id, credentials.userAgent) }
}

/** Changes the password and ends the user's other sessions. Throws VALIDATION_ERROR when the current one is wrong. */
export async function changePassword(userId: string, change: { currentPassword: string, newPassword: string, keepToken: string }): Promise<void> {
  const user = await findUserById(userId)
  if (!user || !await verifyPassword(change.currentPassword, user.passwordHash)) {
    throw invalid('current_password', 'That is not your current password.')
  }
  if (change.newPassword === change.currentPassword) throw invalid('new_password', 'Choose a password that differs from the current one.')
  refuseGuessable(change.newPassword, user.email, 'new_password')
  const passwordHash = await hashPassword(change.newPassword)
  await inTransaction(async () => {
    await updatePasswordHash(userId, passwordHash)
    await deleteOtherSessions(userId, hashToken(change.keepToken))
  })
}

/** The first guesses of anybody: the address itself, one character again and again. */
function refuseGuessable(password: string, email: string, path: string): void {
  const lower = password.toLowerCase()
  const [name] = email.toLowerCase().split('@')
  if (lower === email.toLowerCase() || (name!.length >= 4 && lower.replace(/[\d\W_]+$/, '') === name)) throw invalid(path, 'Choose a password that is not made of your e-mail address.')
  if (new Set(lower).size < 4) throw invalid(path, 'Choose a password with more different characters.')
}

const invalid = (path: string, message: string) => new AppError('VALIDATION_ERROR', message, { details: [{ path, message }] })
