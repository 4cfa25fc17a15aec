import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { findShownUser, lockActiveAdmins, updateUser } from '#server/db/admin-users'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { endAllSessions } from '#server/services/accounts/sessions'
import type { AdminUser } from '#shared/contracts/admin-people'
import type { Role } from '#shared/contracts/auth'
import { adminUser } from './browse-users'

export interface UserChange { role?: Role, disabled?: boolean, version: number }

/**
 * Changes role or access over the version seen. Whoever is disabled or is an admin no more is signed out everywhere in
 * the same transaction. Throws NOT_FOUND; CONFLICT with the current state for a version that has moved on and for the
 * last admin who can sign in; NOT_AUTHORIZED when the actor stopped being an admin meanwhile.
 */
export async function editUser(actorId: string, id: string, change: UserChange): Promise<AdminUser> {
  return inTransaction(async () => {
    const admins = await lockActiveAdmins()
    if (!admins.includes(actorId)) throw new AppError('NOT_AUTHORIZED', 'You are not an admin any more: nothing was changed.')
    const before = await requireUser(id)
    if (before.version !== change.version) throw movedOn(before)
    const role = change.role ?? before.role
    const disabled = change.disabled ?? before.disabled
    if (role === before.role && disabled === before.disabled) return before
    const stops = admins.includes(id) && (disabled || role !== 'admin')
    if (stops && admins.length === 1) {
      throw new AppError('CONFLICT', 'This is the last admin who can sign in: make somebody else an admin first.', { current: before })
    }
    const disabledAt = disabled === before.disabled ? undefined : disabled ? new Date() : null
    if (!await updateUser(id, { role, disabledAt }, change.version)) throw movedOn(await requireUser(id))
    if (stops || disabled) await endAllSessions(id)
    const after = await requireUser(id)
    await insertAuditEntry({ actorId, action: 'update', entity: 'user', entityId: id, before: audited(before), after: audited(after), requestId: requestId() })
    return after
  })
}

const movedOn = (current: AdminUser) => new AppError('CONFLICT', 'Somebody else has changed this account meanwhile: look at it and try again.', { current })

/** What the audit log keeps of an account: what an admin can change, and whose it is. */
const audited = ({ email, name, role, disabled, version }: AdminUser) => ({ email, name, role, disabled, version })

async function requireUser(id: string): Promise<AdminUser> {
  const found = await findShownUser(id)
  if (!found) throw notFound('account')
  return adminUser(found)
}
