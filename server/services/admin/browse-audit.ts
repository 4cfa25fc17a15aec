import { listAuditEntries, type AuditFilter } from '#server/db/admin-audit'
import { onReplica } from '#server/db/replica'
import type { AuditPage } from '#shared/contracts/admin-records'
import { readIdCursor } from './cursors'
import { findPeopleIds } from './people-filter'

type Filter = Omit<AuditFilter, 'actorIds'> & { limit: number, cursor?: string, actor?: string }

/** Who changed what, the newest first. Throws VALIDATION_ERROR for a cursor that is not ours. */
export const browseAudit = (filter: Filter): Promise<AuditPage> => onReplica(() => listEntries(filter))

async function listEntries({ cursor, limit, actor, ...filter }: Filter): Promise<AuditPage> {
  const before = readIdCursor(cursor)
  const actorIds = await findPeopleIds(actor)
  if (actorIds?.length === 0) return { items: [], next_cursor: null }
  const rows = await listAuditEntries({ before, limit: limit + 1, actorIds, ...filter })
  const items = rows.slice(0, limit).map(({ entry, actor }) => ({
    id: entry.id,
    actor,
    action: entry.action,
    entity: entry.entity,
    entity_id: entry.entityId,
    before: entry.before,
    after: entry.after,
    request_id: entry.requestId,
    created_at: entry.createdAt.toISOString(),
  }))
  return { items, next_cursor: rows.length > limit ? items.at(-1)!.id : null }
}
