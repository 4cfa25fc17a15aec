import { and, eq, sql } from 'drizzle-orm'
import { users } from '#drizzle/schema'
import type { Role } from '#shared/contracts/auth'
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
export async function insertUser(user: { email: string, name: string, passwordHash: string, role: Role }): Promise<UserRow | null> {
  return (await db().insert(users).values(user).onConflictDoNothing().returning())[0] ?? null
}

export async function updatePasswordHash(id: string, passwordHash: string): Promise<void> {
  await db().update(users).set({ passwordHash }).where(eq(users.id, id))
}

export async function updateRole(id: string, role: Role): Promise<boolean> {
  return (await db().update(users).set({ role, version: sql`${users.version} + 1` }).where(and(eq(users.id, id), sql`${users.role} <> ${role}`)).returning({ id: users.id })).length > 0
}

export async function hasAnyUser(): Promise<boolean> {
  return (await db().select({ id: users.id }).from(users).limit(1)).length > 0
}
