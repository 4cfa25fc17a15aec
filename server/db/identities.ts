import { and, eq } from 'drizzle-orm'
import { userIdentities } from '#drizzle/schema'
import { db } from './client'

export interface Identity { issuer: string, subject: string, userId: string, email: string }

/** Whom the provider's subject belongs to here; null: nobody yet. */
export async function findIdentityUser(issuer: string, subject: string): Promise<string | null> {
  const [row] = await db().select({ userId: userIdentities.userId }).from(userIdentities).where(and(eq(userIdentities.issuer, issuer), eq(userIdentities.subject, subject)))
  return row?.userId ?? null
}

/** false: the subject is linked already, to whomever. */
export async function insertIdentity(identity: Identity): Promise<boolean> {
  return (await db().insert(userIdentities).values(identity).onConflictDoNothing().returning({ userId: userIdentities.userId })).length > 0
}

export async function touchIdentity(issuer: string, subject: string, now: Date): Promise<void> {
  await db().update(userIdentities).set({ lastUsedAt: now }).where(and(eq(userIdentities.issuer, issuer), eq(userIdentities.subject, subject)))
}

/** Whether the user may sign in through this provider (user_identities_user_idx). */
export async function hasIdentity(userId: string, issuer: string): Promise<boolean> {
  return (await db().select({ userId: userIdentities.userId }).from(userIdentities).where(and(eq(userIdentities.userId, userId), eq(userIdentities.issuer, issuer))).limit(1)).length > 0
}
