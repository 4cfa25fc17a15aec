import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { faqs, messages } from '#drizzle/schema'
import { db } from './client'

/**
 * What customers typed and the bot replied to, the newest first (the primary key: UUID v7 orders by time); picked FAQs are
 * none. The page is cut before the replies are joined: left to itself the planner joins a million of them first.
 */
export async function listAskedQuestions({ before, limit }: { before: string | null, limit: number }) {
  const asked = db().$with('asked').as(db().select({ id: messages.id, conversationId: messages.conversationId, text: messages.text, askedAt: messages.createdAt }).from(messages)
    .where(and(eq(messages.sender, 'customer'), isNull(messages.faqId), eq(messages.replyState, 'answered'), before ? lt(messages.id, before) : undefined))
    .orderBy(desc(messages.id)).limit(limit))
  const reply = alias(messages, 'reply')
  return db().with(asked).select({
    id: asked.id,
    conversationId: asked.conversationId,
    text: asked.text,
    askedAt: asked.askedAt,
    reply: { source: reply.source, faqId: reply.faqId, suggestions: reply.suggestions },
    faqQuestion: faqs.question,
  }).from(asked)
    .innerJoin(reply, and(eq(reply.replyTo, asked.id), eq(reply.sender, 'bot')))
    .leftJoin(faqs, eq(faqs.id, reply.faqId))
    .orderBy(desc(asked.id))
}
