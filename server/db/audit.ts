import { auditLog } from '#drizzle/schema'
import { db } from './client'

export async function insertAuditEntry(entry: Omit<typeof auditLog.$inferInsert, 'id' | 'createdAt'>): Promise<void> {
  await db().insert(auditLog).values(entry)
}

/** Many at once, in statements of a size that every driver takes. */
export async function insertAuditEntries(entries: Parameters<typeof insertAuditEntry>[0][]): Promise<void> {
  for (let from = 0; from < entries.length; from += 200) await db().insert(auditLog).values(entries.slice(from, from + 200))
}
