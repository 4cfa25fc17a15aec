import { desc, eq, inArray, lt } from 'drizzle-orm'
import { faqNegatives, faqs } from '#drizzle/schema'
import { db } from './client'

export type NegativeRow = typeof faqNegatives.$inferSelect

/** The newest ones, as the matcher wants them. */
export async function listNewestNegatives(limit: number): Promise<{ faqId: string, question: string }[]> {
  return db().select({ faqId: faqNegatives.faqId, question: faqNegatives.question }).from(faqNegatives).orderBy(desc(faqNegatives.id)).limit(limit)
}

/** One page with the FAQs' questions, newest first; `before` is the last id of the page before. */
export async function listNegativePage(page: { before: string | null, limit: number }): Promise<(NegativeRow & { faqQuestion: string })[]> {
  const rows = await db().select({ negative: faqNegatives, faqQuestion: faqs.question }).from(faqNegatives).innerJoin(faqs, eq(faqs.id, faqNegatives.faqId))
    .where(page.before ? lt(faqNegatives.id, page.before) : undefined).orderBy(desc(faqNegatives.id)).limit(page.limit)
  return rows.map(row => ({ ...row.negative, faqQuestion: row.faqQuestion }))
}

/** null when this rating has one already. */
export async function insertNegative(negative: Omit<typeof faqNegatives.$inferInsert, 'id' | 'createdAt'>): Promise<NegativeRow | null> {
  return (await db().insert(faqNegatives).values(negative).onConflictDoNothing().returning())[0] ?? null
}

export async function deleteNegative(id: string): Promise<NegativeRow | null> {
  return (await db().delete(faqNegatives).where(eq(faqNegatives.id, id)).returning())[0] ?? null
}

/** Whether there was one. */
export async function deleteNegativeOfFeedback(feedbackId: string): Promise<boolean> {
  return (await db().delete(faqNegatives).where(eq(faqNegatives.feedbackId, feedbackId)).returning({ id: faqNegatives.id })).length > 0
}

/** What these ratings had taught; says how many there were. */
export async function deleteNegativesOfFeedback(feedbackIds: string[]): Promise<number> {
  if (!feedbackIds.length) return 0
  return (await db().delete(faqNegatives).where(inArray(faqNegatives.feedbackId, feedbackIds)).returning({ id: faqNegatives.id })).length
}
