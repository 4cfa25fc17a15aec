import { setTimeout as pause } from 'node:timers/promises'
import { AppError, notFound } from '#server/core/app-error'
import { countWaiting } from '#server/db/handover'
import { countOpenGroups, findGroup, listGroupQuestions, listGroups, type GroupPosition } from '#server/db/unanswered'
import { runInBackground } from '#server/services/background'
import { matchFaq } from '#server/services/answering/faq-matcher/match'
import { getChatConfig } from '#server/services/config/chat-config'
import { getFaqCatalogue } from '#server/services/faqs/faq-catalogue'
import type { GroupStatus, UnansweredDetail, UnansweredGroup, UnansweredPage, WaitingCounts } from '#shared/contracts/unanswered'
import { groupMisses } from './group-misses'

/** How long the list waits for what is due to find its place. */
const GROUPING_PATIENCE_MS = 150
const SHOWN_QUESTIONS = 50
const SHOWN_FAQS = 3
type Found = NonNullable<Awaited<ReturnType<typeof findGroup>>>

/**
 * Groups of unanswered questions, the most asked first, among those the one asked last. What is due is grouped on the way,
 * so that a host without background work shows it too; where that takes long, the next look has it. Throws VALIDATION_ERROR for a cursor that is not ours.
 */
export async function browseUnanswered({ status, limit, cursor }: { status: GroupStatus, limit: number, cursor?: string }): Promise<UnansweredPage> {
  const after = cursor ? readCursor(cursor) : null
  runInBackground('grouping unanswered questions', groupMisses)
  await Promise.race([groupMisses().catch(() => {}), pause(GROUPING_PATIENCE_MS, undefined, { ref: false })])
  const rows = await listGroups({ status, after, limit: limit + 1 })
  const items = await Promise.all(rows.slice(0, limit).map(unansweredGroup))
  return { items, next_cursor: rows.length > limit ? writeCursor(rows[limit - 1]!.group) : null, open_count: await countOpenGroups() }
}

/** One group with its newest questions. Throws NOT_FOUND. */
export async function readUnanswered(id: string): Promise<UnansweredDetail> {
  const [found, questions] = await Promise.all([findGroup(id), listGroupQuestions(id, SHOWN_QUESTIONS)])
  if (!found) throw notFound('group of questions')
  return {
    ...await unansweredGroup(found),
    questions: questions.map(row => ({
      message_id: row.messageId,
      conversation_id: row.conversationId,
      text: row.text,
      kind: row.kind,
      asked_at: row.askedAt.toISOString(),
      settled_at: row.settledAt?.toISOString() ?? null,
      reply: row.reply,
    })),
  }
}

export async function unansweredGroup({ group, faqQuestion, resolvedBy }: Found): Promise<UnansweredGroup> {
  const [config, catalogue] = await Promise.all([getChatConfig(), getFaqCatalogue()])
  const match = matchFaq(catalogue.index, group.question, { strictness: config.answerStrictness })
  return {
    id: group.id,
    question: group.question,
    wordings: group.wordings,
    status: group.status,
    count: group.occurrences,
    kinds: { fallback: group.fallbacks, suggestion: group.ignoredSuggestions, thumbs_down: group.thumbsDown },
    earlier: group.earlier,
    first_seen_at: group.firstSeenAt.toISOString(),
    last_seen_at: group.lastSeenAt.toISOString(),
    resolution: group.resolution,
    resolved_at: group.resolvedAt?.toISOString() ?? null,
    resolved_by: resolvedBy?.id ? resolvedBy : null,
    faq: group.faqId && faqQuestion ? { id: group.faqId, question: faqQuestion } : null,
    now: match.decision,
    closest: match.ranked.slice(0, SHOWN_FAQS).flatMap(({ faqId, score }) => {
      const faq = catalogue.byId.get(faqId)
      return faq ? [{ faq_id: faqId, question: faq.question, score }] : []
    }),
    version: group.version,
  }
}

/** For the navigation: what there is to do. */
export async function countWaitingWork(): Promise<WaitingCounts> {
  const [unanswered, persons] = await Promise.all([countOpenGroups(), countWaiting()])
  return { unanswered, persons }
}

const writeCursor = (at: { occurrences: number, lastSeenAt: Date, id: string }) => Buffer.from(JSON.stringify([at.occurrences, at.lastSeenAt.getTime(), at.id])).toString('base64url')

function readCursor(cursor: string): GroupPosition {
  try {
    const [occurrences, time, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, number, string]
    const at = new Date(time)
    if (Number.isInteger(occurrences) && !Number.isNaN(at.getTime()) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return { occurrences, at, id }
  }
  catch { /* Not ours; said below. */ }
  throw new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the page before.' }] })
}
