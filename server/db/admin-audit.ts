import { and, desc, eq, gte, inArray, lt, lte } from 'drizzle-orm'
import { auditLog, users } from '#drizzle/schema'
import { db } from './client'

export interface AuditFilter { entity?: string, entityId?: string, actorIds?: string[], from?: Date, to?: Date }

/** The transaction that made an entry may have begun this long before the entry's id was made; hours are cheap. */
const SKEW_MS = 3_600_000

/** The first UUID v7 of that moment. */
function firstIdAt(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** The newest first; UUID v7 keys order by time, and bound the days that are looked through. */
export async function listAuditEntries({ before, limit, ...filter }: AuditFilter & { before: string | null, limit: number }) {
  return db().select({ entry: auditLog, actor: { id: users.id, name: users.name } }).from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorId))
    .where(and(
      before ? lt(auditLog.id, before) : undefined,
      filter.entity ? eq(auditLog.entity, filter.entity) : undefined,
      filter.entityId ? eq(auditLog.entityId, filter.entityId) : undefined,
      filter.actorIds && inArray(auditLog.actorId, filter.actorIds),
      filter.from && and(gte(auditLog.createdAt, filter.from), gte(auditLog.id, firstIdAt(filter.from.getTime() - SKEW_MS))),
      filter.to && and(lte(auditLog.createdAt, filter.to), lte(auditLog.id, firstIdAt(filter.to.getTime() + SKEW_MS))),
    )).orderBy(desc(auditLog.id)).limit(limit)
}
