import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'
import { hashPassword } from '#server/core/password-hash'
import { consumeAccountToken, deleteAccountTokensOf, findAccountToken, putAccountToken, type TokenPurpose } from '#server/db/account-tokens'
import { inTransaction } from '#server/db/client'
import { findUserByEmail, findUserById, lockUser, updatePasswordHash, verifyEmail, type UserRow } from '#server/db/users'
import { runInBackground } from '#server/services/background'
import { sendMail } from '#server/services/mail'
import type { SessionUser } from '#shared/contracts/auth'
import type { Language } from '#shared/language'
import { accountMailTexts } from './account-mails'
import { invalid, refuseGuessable, sessionUser } from './accounts'
import { endAllSessions, hashToken } from './sessions'

const RESET_MINUTES = 30
const VERIFY_HOURS = 24

/** Where links in mails lead to and in which language the mail is; `site` has no slash at its end. */
export interface MailTarget { site: string, language: Language }

/**
 * Sends a link to choose a new password to the account of this address, if there is one. The work begins after the
 * answer has gone out, so that neither its words nor its time tell whether there is. The
 * mail is sent once the answer is out; whether that works is in the log.
 */
export function requestPasswordReset(email: string, target: MailTarget): void {
  runInBackground('sending a link for a new password', async () => {
    await nextTurn()
    const user = await findUserByEmail(email)
    if (!user || user.disabledAt) return
    const token = await makeToken(user, 'password_reset', RESET_MINUTES * 60_000)
    await sendMail({ to: user.email, ...accountMailTexts(target.language).reset(user.name, `${target.site}/reset-password#token=${token}`, RESET_MINUTES) })
  })
}

/**
 * Sets a new password by a link's token, ends all of the user's sessions and voids other links. Following the link
 * proves the address too. Throws VALIDATION_ERROR: the link is unknown, used, over or voided by a newer one; or the
 * password is easily guessed, and then the link is still good.
 */
export async function confirmPasswordReset(token: string, newPassword: string, language: Language): Promise<SessionUser> {
  const tokenHash = hashToken(token)
  const found = await findAccountToken('password_reset', tokenHash)
  const user = found && await findUserById(found.userId)
  if (!user || user.disabledAt) throw linkIsOver()
  await refuseGuessable(newPassword, user, 'new_password')
  const passwordHash = await hashPassword(newPassword)
  await inTransaction(async () => {
    const used = await consumeAccountToken('password_reset', tokenHash)
    if (!used || (await lockUser(used.userId))?.disabledAt !== null) throw linkIsOver()
    await updatePasswordHash(used.userId, passwordHash)
    await verifyEmail(used.userId, used.email, new Date())
    await deleteAccountTokensOf(used.userId)
    await endAllSessions(used.userId)
  })
  tellOfChangedPassword(sessionUser(user), language)
  return sessionUser(user)
}

/** Sends a link that proves the user's address, unless it is proven. Throws UNAVAILABLE when the mail server does not take it. */
export async function sendVerification(userId: string, target: MailTarget): Promise<void> {
  const user = await findUserById(userId)
  if (!user || user.emailVerifiedAt) return
  const token = await makeToken(user, 'verify_email', VERIFY_HOURS * 3_600_000)
  try {
    await sendMail({ to: user.email, ...accountMailTexts(target.language).verify(user.name, `${target.site}/confirm-email#token=${token}`, VERIFY_HOURS) })
  }
  catch (cause) {
    throw new AppError('UNAVAILABLE', 'The e-mail could not be sent just now: please try again in a few minutes.', { cause, retryAfter: 60 })
  }
}

/** With VERIFY_EMAIL=on sends a new account its link. Nobody waits for it: whether it went out is in the log, and the account page sends another. */
export function greetWithVerification(userId: string, target: MailTarget): void {
  if (env().VERIFY_EMAIL === 'on') runInBackground('sending a link to confirm an address', () => sendVerification(userId, target))
}

/** Notes by a link's token that the address is the user's. Throws VALIDATION_ERROR as above. */
export async function confirmEmail(token: string): Promise<void> {
  await inTransaction(async () => {
    const used = await consumeAccountToken('verify_email', hashToken(token))
    if (!used || !await verifyEmail(used.userId, used.email, new Date())) throw linkIsOver()
  })
}

/** Tells the owner of an account that its password has changed, where the site can send mails. Nobody waits for it. */
export function tellOfChangedPassword(user: SessionUser, language: Language): void {
  if (!env().SMTP_URL) return
  runInBackground('telling of a changed password', () => sendMail({ to: user.email, ...accountMailTexts(language).changed(user.name) }))
}

async function makeToken(user: UserRow, purpose: TokenPurpose, lifeMs: number): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await putAccountToken({ userId: user.id, purpose, tokenHash: hashToken(token), email: user.email, lifeMs })
  return token
}

const linkIsOver = () => invalid('token', 'This link is no longer good: it works once and for a short time. Ask for a new one.', 'link_over')
