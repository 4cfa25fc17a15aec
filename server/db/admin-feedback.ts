import { and, desc, eq, gte, isNotNull, lte, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { feedback, messages, users } from '#drizzle/schema'
import type { FeedbackValue } from '#shared/contracts/chat'
import { db } from './client'
import type { RecentPosition } from './admin-conversations'

export interface FeedbackFilter { value?: FeedbackValue, from?: Date, to?: Date }

/** Ratings that stand, the newest first (feedback_recent_idx), with what was asked and answered; without both where the conversation was deleted. */
export async function listRecentFeedback({ after, limit, ...filter }: FeedbackFilter & { after: RecentPosition | null, limit: number }) {
  const question = alias(messages, 'question')
  return db().select({
    feedback,
    customer: { id: users.id, name: users.name, email: users.email },
    reply: { conversationId: messages.conversationId, text: messages.text, source: messages.source, faqId: messages.faqId },
    question: question.text,
  }).from(feedback)
    .leftJoin(messages, eq(messages.id, feedback.messageId))
    .leftJoin(users, eq(users.id, feedback.customerId))
    .leftJoin(question, eq(question.id, messages.replyTo))
    .where(and(
      isNotNull(feedback.value),
      filter.value && eq(feedback.value, filter.value),
      filter.from && gte(feedback.updatedAt, filter.from),
      filter.to && lte(feedback.updatedAt, filter.to),
      after ? sql`(${feedback.updatedAt}, ${feedback.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)` : undefined,
    )).orderBy(desc(feedback.updatedAt), desc(feedback.id)).limit(limit)
}
