import { and, eq, isNull, sql } from 'drizzle-orm'
import { users } from '#drizzle/schema'
import type { Role } from '#shared/contracts/auth'
import { accountOf, changing } from './changes'
import { db } from './client'

export type UserRow = typeof users.$inferSelect

const sameEmail = (email: string) => sql`lower(${users.email}) = lower(${email})`

export async function findUserByEmail(email: string): Promise<UserRow | null> {
  return (await db().select().from(users).where(sameEmail(email)))[0] ?? null
}

export async function findUserById(id: string): Promise<UserRow | null> {
  return (await db().select().from(users).where(eq(users.id, id)))[0] ?? null
}

/** null when the e-mail address is taken. */
export async function insertUser(user: { email: string, name: string, passwordHash: string | null, role: Role, emailVerifiedAt?: Date }): Promise<UserRow | null> {
  return (await db().insert(users).values(user).onConflictDoNothing().returning())[0] ?? null
}

export async function updatePasswordHash(id: string, passwordHash: string): Promise<void> {
  await db().update(users).set({ passwordHash }).where(eq(users.id, id))
}

/** Sets a new password only over the one seen; false: it has been changed meanwhile, or the user is gone. */
export async function replacePasswordHash(id: string, seen: string | null, passwordHash: string): Promise<boolean> {
  const rows = await db().update(users).set({ passwordHash })
    .where(and(eq(users.id, id), seen === null ? isNull(users.passwordHash) : eq(users.passwordHash, seen))).returning({ id: users.id })
  return rows.length > 0
}

/**
 * The user, held still until the transaction ends: whoever changes the password or disables the account waits, so that a
 * session cannot be opened beside it with what no longer counts.
 */
export async function holdUser(id: string): Promise<UserRow | null> {
  return (await db().select().from(users).where(eq(users.id, id)).for('share'))[0] ?? null
}

/** As `holdUser`, for whoever will change the row. */
export async function lockUser(id: string): Promise<UserRow | null> {
  return (await db().select().from(users).where(eq(users.id, id)).for('update'))[0] ?? null
}

export async function updateName(id: string, name: string): Promise<void> {
  await changing(accountOf(id), () => db().update(users).set({ name }).where(eq(users.id, id)))
}

/** Notes that the address is the user's own, if it is still the one they have; false: it is not. */
export async function verifyEmail(id: string, email: string, now: Date): Promise<boolean> {
  const rows = await db().update(users).set({ emailVerifiedAt: sql`coalesce(${users.emailVerifiedAt}, ${now.toISOString()}::timestamptz)` })
    .where(and(eq(users.id, id), sameEmail(email))).returning({ id: users.id })
  return rows.length > 0
}

/** Takes the password away: nobody can sign in with one until a new one is set. */
export async function dropPassword(id: string): Promise<void> {
  await db().update(users).set({ passwordHash: null }).where(eq(users.id, id))
}

export async function updateRole(id: string, role: Role): Promise<boolean> {
  const rows = await changing(accountOf(id), () => db().update(users).set({ role, version: sql`${users.version} + 1` }).where(and(eq(users.id, id), sql`${users.role} <> ${role}`)).returning({ id: users.id }))
  return rows.length > 0
}

export async function hasAnyUser(): Promise<boolean> {
  return (await db().select({ id: users.id }).from(users).limit(1)).length > 0
}
