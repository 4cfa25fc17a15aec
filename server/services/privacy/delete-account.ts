import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '#server/core/app-error'
import { log } from '#server/core/log'
import { verifyPassword } from '#server/core/password-hash'
import { requestId } from '#server/core/request-context'
import { lockActiveAdmins } from '#server/db/admin-users'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { deleteUser, listConversationIds, lockAccount } from '#server/db/erasure'
import { isDeadlock } from '#server/db/errors'
import { findUserById } from '#server/db/users'
import { forgetRevisions } from '#server/services/revision-watch'
import { eraseWithTraces } from './erase'

const TRIES = 4

/**
 * Deletes an account with everything in it; ratings stay without the person. Its sessions are over on every server.
 * `password`: needed where the account has one. Throws VALIDATION_ERROR (wrong or missing password), CONFLICT (the last
 * admin who can sign in) and NOT_AUTHENTICATED (deleted already).
 */
export async function deleteAccount(userId: string, password: string | undefined): Promise<void> {
  const user = await findUserById(userId)
  if (!user) throw gone()
  if (user.passwordHash !== null && !(password && await verifyPassword(password, user.passwordHash))) {
    const message = password ? 'That is not your current password.' : 'Enter your current password.'
    throw new AppError('VALIDATION_ERROR', message, { details: [{ path: 'current_password', message }] })
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const erased = await inTransaction(() => erase(userId, user.role === 'admin'))
      if (erased.negatives) forgetRevisions()
      log.info({ conversations: erased.conversations, messages: erased.messages }, 'A customer deleted their account')
      return
    }
    catch (error) {
      // A message sent at this moment from another tab holds its conversation and waits for the account; one of the two goes again.
      if (!isDeadlock(error) || attempt === TRIES) throw error
      await pause(20 * attempt)
    }
  }
}

async function erase(userId: string, isAdmin: boolean) {
  const admins = isAdmin ? await lockActiveAdmins() : []
  if (admins.includes(userId) && admins.length === 1) {
    throw new AppError('CONFLICT', 'You are the only admin who can sign in: make somebody else an admin first.')
  }
  if (!await lockAccount(userId)) throw gone()
  const erased = await eraseWithTraces(await listConversationIds(userId))
  await deleteUser(userId)
  await insertAuditEntry({ actorId: null, action: 'delete', entity: 'user', entityId: userId, before: null, after: null, requestId: requestId() })
  return erased
}

const gone = () => new AppError('NOT_AUTHENTICATED', 'This account has been deleted.')
