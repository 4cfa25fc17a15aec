import { listUsers, type ShownUser, type UserFilter } from '#server/db/admin-users'
import { onReplica } from '#server/db/replica'
import { readIdCursor } from '#server/services/admin/cursors'
import type { AdminUser, AdminUserPage } from '#shared/contracts/admin-people'

export function adminUser({ user, lastSeenAt, conversations }: ShownUser): AdminUser {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    disabled: user.disabledAt !== null,
    disabled_at: user.disabledAt?.toISOString() ?? null,
    created_at: user.createdAt.toISOString(),
    last_seen_at: lastSeenAt ? new Date(lastSeenAt).toISOString() : null,
    conversation_count: conversations,
    version: user.version,
  }
}

/** Everybody with an account, the newest first. Throws VALIDATION_ERROR for a cursor that is not ours. */
export async function browseUsers({ cursor, limit, ...filter }: UserFilter & { limit: number, cursor?: string }): Promise<AdminUserPage> {
  const rows = await onReplica(() => listUsers({ before: readIdCursor(cursor), limit: limit + 1, ...filter }))
  const items = rows.slice(0, limit).map(adminUser)
  return { items, next_cursor: rows.length > limit ? items.at(-1)!.id : null }
}
