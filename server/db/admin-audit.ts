import { and, desc, eq, gte, lt, lte } from 'drizzle-orm'
import { auditLog, users } from '#drizzle/schema'
import { db } from './client'

export interface AuditFilter { entity?: string, entityId?: string, actor?: string, from?: Date, to?: Date }

/** The newest first; UUID v7 keys order by time. */
export async function listAuditEntries({ before, limit, ...filter }: AuditFilter & { before: string | null, limit: number }) {
  return db().select({ entry: auditLog, actor: { id: users.id, name: users.name } }).from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorId))
    .where(and(
      before ? lt(auditLog.id, before) : undefined,
      filter.entity ? eq(auditLog.entity, filter.entity) : undefined,
      filter.entityId ? eq(auditLog.entityId, filter.entityId) : undefined,
      filter.actor ? eq(auditLog.actorId, filter.actor) : undefined,
      filter.from && gte(auditLog.createdAt, filter.from),
      filter.to && lte(auditLog.createdAt, filter.to),
    )).orderBy(desc(auditLog.id)).limit(limit)
}
