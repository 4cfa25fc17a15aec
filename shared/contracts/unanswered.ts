import { z } from 'zod'
import { ANSWER_MAX, createFaqSchema, pageQuery, QUESTION_MAX, type AdminFaq, type Page } from './admin'
import { typedText, uuidSchema, versionSchema } from './text'

/** `fallback`: no answer was found; `suggestion`: what was offered was not taken; `thumbs_down`: the reply did not help. */
export const missKinds = ['fallback', 'suggestion', 'thumbs_down'] as const
export type MissKind = typeof missKinds[number]
export const groupStatuses = ['open', 'resolved', 'dismissed'] as const
export type GroupStatus = typeof groupStatuses[number]

export interface ClosestFaq { faq_id: string, question: string, score: number }

/** Questions that mean the same and that customers did not get an answer to. */
export interface UnansweredGroup {
  id: string
  /** As it was asked first. */
  question: string
  /** Other wordings, at most 12. */
  wordings: string[]
  status: GroupStatus
  /** Questions not dealt with yet, and what they are; one question may be two things. */
  count: number
  kinds: Record<MissKind, number>
  /** Questions from before it was last dealt with. */
  earlier: number
  first_seen_at: string
  last_seen_at: string
  resolution: 'new_faq' | 'phrasing' | 'dismiss' | null
  resolved_at: string | null
  resolved_by: { id: string, name: string } | null
  faq: { id: string, question: string } | null
  /** What the FAQs of now would do with it. */
  now: 'answer' | 'suggest' | 'forward'
  /** The FAQs nearest to it, the best first; at most 3. */
  closest: ClosestFaq[]
  version: number
}
export interface UnansweredPage extends Page<UnansweredGroup> { open_count: number }

export interface UnansweredQuestion {
  message_id: string
  conversation_id: string
  text: string
  kind: MissKind
  asked_at: string
  /** null: it still waits. */
  settled_at: string | null
  reply: string | null
}
export interface UnansweredDetail extends UnansweredGroup { questions: UnansweredQuestion[] }

export const listUnansweredQuery = pageQuery.extend({ status: z.enum(groupStatuses, { error: `Send one of ${groupStatuses.join(', ')}.` }).default('open') })
export const unansweredParams = z.object({ id: uuidSchema })

const version = versionSchema.optional()
const also = z.array(uuidSchema, { error: 'Send the ids of other groups as a list.' }).max(200, 'Settle at most 200 groups at once.').default([])

/** `also`: other groups that the same FAQ answers and that are settled with this one. */
export const resolveSchema = z.discriminatedUnion('action', [
  createFaqSchema.extend({ action: z.literal('new_faq'), also, version }),
  z.object({ action: z.literal('phrasing'), faq_id: uuidSchema, phrasing: typedText(QUESTION_MAX, 'phrasing').optional(), also, version }),
  z.object({ action: z.literal('dismiss'), version }),
], { error: 'Send { "action": "new_faq" | "phrasing" | "dismiss", … }.' })
export type Resolve = z.input<typeof resolveSchema>

/** An open group that a FAQ would take care of. */
export interface WouldAnswer { id: string, question: string, count: number, decision: 'answer' | 'suggest', score: number }
export interface ResolveResult { group: UnansweredGroup, faq: AdminFaq | null, /** Open groups that the FAQ answers as well. */ now_answers: WouldAnswer[] }

/** A FAQ as it is being written: with `id` in place of the stored one, else as a new one. */
export const draftFaqSchema = createFaqSchema.pick({ question: true, answer: true, phrasings: true, is_active: true }).extend({
  id: uuidSchema.nullish(),
  /** Nobody has to have written it yet. */
  answer: typedText(ANSWER_MAX, 'answer', 0).default(''),
})
export const previewSchema = z.object({ faq: draftFaqSchema }, { error: 'Send { "faq": { "question", "answer", "phrasings" } }.' })
export type DraftFaq = z.input<typeof draftFaqSchema>
export interface PreviewResult { items: WouldAnswer[], /** How many open groups were looked at. */ looked_at: number }

/** What waits for the people of the back office. */
export interface WaitingCounts { unanswered: number, persons: number }
