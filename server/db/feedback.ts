import { sql } from 'drizzle-orm'
import { feedback } from '#drizzle/schema'
import { db } from './client'

export type FeedbackRow = typeof feedback.$inferSelect

/**
 * Stores a customer's rating of a message, or changes it. `version` grows only with a real change, so a repeated call
 * queues nothing twice; null: it was the same already.
 */
export async function upsertFeedback(rating: { messageId: string, customerId: string, value: 'up' | 'down' | null, comment: string | null }): Promise<FeedbackRow | null> {
  const [row] = await db().insert(feedback).values(rating).onConflictDoUpdate({
    target: [feedback.messageId, feedback.customerId],
    set: { value: rating.value, comment: rating.comment, updatedAt: sql`now()`, version: sql`${feedback.version} + 1` },
    setWhere: sql`${feedback.value} is distinct from ${rating.value} or ${feedback.comment} is distinct from ${rating.comment}`,
  }).returning()
  return row ?? null
}

export async function findFeedback(messageId: string, customerId: string): Promise<FeedbackRow | null> {
  return (await db().select().from(feedback).where(sql`${feedback.messageId} = ${messageId} and ${feedback.customerId} = ${customerId}`))[0] ?? null
}
