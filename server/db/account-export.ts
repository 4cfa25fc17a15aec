import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { conversations, feedback, sessions, userIdentities } from '#drizzle/schema'
import { db } from './client'

/** A customer's open sessions, without what would let anybody in. */
export async function listSessionsOf(userId: string) {
  return db().select({ createdAt: sessions.createdAt, lastSeenAt: sessions.lastSeenAt, expiresAt: sessions.expiresAt, userAgent: sessions.userAgent })
    .from(sessions).where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, sql`now()`))).orderBy(asc(sessions.createdAt))
}

/** The accounts with identity providers that are linked to a customer's. */
export async function listIdentitiesOf(userId: string) {
  return db().select().from(userIdentities).where(eq(userIdentities.userId, userId)).orderBy(asc(userIdentities.createdAt))
}

/** A customer's conversations, oldest first, those after the id `after`. */
export async function listConversationsAfter(customerId: string, after: string | null, limit: number) {
  return db().select().from(conversations).where(and(eq(conversations.customerId, customerId), after ? gt(conversations.id, after) : undefined)).orderBy(asc(conversations.id)).limit(limit)
}

/** A customer's ratings, oldest first, those after the id `after`. */
export async function listFeedbackAfter(customerId: string, after: string | null, limit: number) {
  return db().select().from(feedback).where(and(eq(feedback.customerId, customerId), after ? gt(feedback.id, after) : undefined)).orderBy(asc(feedback.id)).limit(limit)
}
