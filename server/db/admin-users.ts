import { and, asc, desc, eq, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm'
import { users } from '#drizzle/schema'
import type { Role } from '#shared/contracts/auth'
import { accountOf, changing } from './changes'
import { db } from './client'
import { searchQuery } from './text-search'

export interface UserFilter { q?: string, role?: Role, status?: 'active' | 'disabled' }

// Named by hand: drizzle leaves the table's name out where a query has one table, and inside of these there is another.
const shown = {
  user: users,
  /** Through sessions_user_idx. */
  lastSeenAt: sql<string | null>`(select max(s.last_seen_at) from sessions s where s.user_id = users.id and s.expires_at > now())`,
  /** Through conversations_customer_idx. */
  conversations: sql<number>`(select count(*)::int from conversations c where c.customer_id = users.id and c.last_message_at is not null)`,
}
export type ShownUser = Awaited<ReturnType<typeof listUsers>>[number]

/** The newest first; UUID v7 keys order by time. What is searched for: users_search_idx. */
export async function listUsers({ before, limit, q, role, status }: UserFilter & { before: string | null, limit: number }) {
  const query = q ? searchQuery(q) : undefined
  if (query === null) return []
  return selectUsers(and(
    before ? lt(users.id, before) : undefined,
    query && sql`search_words(${users.name} || ' ' || ${users.email}) @@ ${query}`,
    role && eq(users.role, role),
    status && (status === 'disabled' ? isNotNull(users.disabledAt) : isNull(users.disabledAt)),
  ), limit)
}

export async function findShownUser(id: string): Promise<ShownUser | null> {
  return (await selectUsers(eq(users.id, id), 1))[0] ?? null
}

async function selectUsers(where: SQL | undefined, limit: number) {
  return db().select(shown).from(users).where(where).orderBy(desc(users.id)).limit(limit)
}

/**
 * The admins who can sign in, locked until the transaction ends, always in the same order: of two changes that would each
 * take an admin away the second waits here and then counts what the first has left (users_admins_idx).
 */
export async function lockActiveAdmins(): Promise<string[]> {
  const rows = await db().select({ id: users.id }).from(users).where(and(eq(users.role, 'admin'), isNull(users.disabledAt))).orderBy(asc(users.id)).for('update')
  return rows.map(row => row.id)
}

/** Changes the version seen; false: it has moved on, or there is no such user. */
export async function updateUser(id: string, change: { role?: Role, disabledAt?: Date | null }, version: number): Promise<boolean> {
  const rows = await changing(accountOf(id), () => db().update(users).set({ ...change, version: sql`${users.version} + 1` }).where(and(eq(users.id, id), eq(users.version, version))).returning({ id: users.id }))
  return rows.length > 0
}
