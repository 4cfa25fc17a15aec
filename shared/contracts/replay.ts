import { z } from 'zod'
import { answerStrictnesses, createFaqSchema, PHRASINGS_MAX, QUESTION_MAX } from './admin'
import { typedText, uuidSchema } from './text'
import { draftFaqSchema } from './unanswered'

export const REPLAY_MAX = 1000
export const replaySizes = [50, 200, 1000] as const

/** What changes in the replay: a FAQ as drafted, another strictness, both; neither compares the FAQs of now with what customers got then. */
export const replaySchema = z.object({
  limit: z.number({ error: 'Send how many questions.' }).int().min(1, 'Replay at least 1 question.').max(REPLAY_MAX, `Replay at most ${REPLAY_MAX} questions.`).default(200),
  faq: draftFaqSchema.optional(),
  strictness: z.enum(answerStrictnesses, { error: `Send one of ${answerStrictnesses.join(', ')}.` }).optional(),
  /** `next_cursor` of the part before; the rest of the request stays the same. */
  cursor: z.string().max(200).optional(),
}, { error: 'Send { "limit": 200 }, with a faq or a strictness to try.' })
export type ReplayRequest = z.input<typeof replaySchema>

export interface ReplayOutcome {
  decision: 'answer' | 'suggest' | 'forward'
  /** The FAQ that answers; null: none, or one that is gone. `id` is null for a FAQ that is not stored yet. */
  faq: { id: string | null, question: string } | null
  /** The questions offered, with `suggest`. */
  suggestions: string[]
}
export interface ReplayChange { message_id: string, conversation_id: string, question: string, asked_at: string, before: ReplayOutcome, after: ReplayOutcome }

/** One part of a replay; ask on with `next_cursor` until it is null. */
export interface ReplayPart {
  /** Compared with the FAQs of now, or with what customers got then. */
  baseline: 'now' | 'then'
  /** Questions looked at, those of earlier parts included. */
  done: number
  limit: number
  /** Of this part: */
  looked_at: number
  /** How many of them the drafted FAQ answers. */
  answered_by_draft: number
  changes: ReplayChange[]
  next_cursor: string | null
}

/** A FAQ that is being written, to find others that answer the same. */
export const similarSchema = z.object({
  id: uuidSchema.nullish(),
  question: typedText(QUESTION_MAX, 'question'),
  phrasings: createFaqSchema.shape.phrasings.unwrap().max(PHRASINGS_MAX).default([]),
}, { error: 'Send { "question": "…" }.' })
export interface SimilarFaq { faq_id: string, question: string, score: number, /** Which wording of the draft it answers. */ wording: string }
export interface SimilarResult { items: SimilarFaq[] }
