import { z } from 'zod'
import { MESSAGE_MAX } from './chat'
import { typedText, uuidSchema } from './text'

export const IMPORT_MAX_ROWS = 10_000
export const IMPORT_MAX_BYTES = 16 * 1024 * 1024

export const orderFaqsSchema = z.object({
  ids: z.array(uuidSchema, { error: 'Send the ids in their new order.' }).min(1, 'Send the ids in their new order.').max(1500, 'Move at most 1,500 FAQs at a time.')
    .refine(ids => new Set(ids).size === ids.length, 'Name each FAQ once.'),
}, { error: 'Send { "ids": [...] }.' })

const flag = z.enum(['true', 'false'], { error: 'Send true or false.' })

/** `revision`: of the preview, so that what has changed since is not overwritten unseen. */
export const importFaqsQuery = z.object({ dry_run: flag.default('false'), revision: z.coerce.number({ error: 'Send the revision of the preview.' }).int().optional() })
/** A file as it was uploaded. */
export const faqFileSchema = z.object({ text: z.string(), format: z.enum(['csv', 'json']) })
export const exportFaqsQuery = z.object({ format: z.enum(['csv', 'json'], { error: 'Send csv or json.' }).default('json') })

/** One FAQ in a file: as the export writes it and the import takes it. */
export interface FaqFileRow { question: string, answer: string, phrasings: string[], order: number, is_active: boolean }

export interface NearFaq { faq_id: string, question: string }

export type ImportAction = 'create' | 'update' | 'unchanged'
export interface ImportError {
  /** As a spreadsheet counts (the header is row 1); in JSON the item's number from 1. */
  row: number
  column: string
  message: string
}
export interface ImportPreviewRow { row: number, action: ImportAction, question: string, /** The fields that an update changes. */ changes: string[], /** Of a preview: an active FAQ that answers this question already. */ similar?: NearFaq }

export interface ImportWarnings {
  /** New rows that were looked at: the first ones, as many as ten seconds allow; `created` where that was enough. */
  checked: number
  found: number
  /** The first 200 of them. */
  rows: { row: number, question: string, similar: NearFaq }[]
}

export interface ImportReport {
  dry_run: boolean
  /** Whether anything was stored: never on a dry run, never with an error. */
  imported: boolean
  rows: number
  created: number
  updated: number
  unchanged: number
  /** The first 200. */
  errors: ImportError[]
  error_count: number
  /** What would change, the first 200. */
  preview: ImportPreviewRow[]
  /** Of a preview: the new questions that an active FAQ answers already. */
  similar?: ImportWarnings
  /** Columns that mean nothing here. */
  ignored_columns: string[]
  /** Send it with the import. */
  revision: number
}

export const tryFaqSchema = z.object({ question: typedText(MESSAGE_MAX, 'question') }, { error: 'Send { "question": "…" }.' })

export interface TrySignal {
  name: string
  /** What the signal measures, for people. */
  label: string
  /** As the matcher gave it: mostly 0 to 1. */
  value: number
}
export interface TryCandidate { faq_id: string, question: string, score: number, signals: TrySignal[] }

export interface TryResult {
  decision: 'answer' | 'suggest' | 'forward'
  /** What the customer would get: a FAQ's answer, "did you mean", the RAG service's answer, the fallback, or word that a person was told. */
  outcome: 'answer' | 'suggestions' | 'rag' | 'fallback' | 'person'
  /** Why, in one sentence. */
  reason: string
  /** The best candidate's probability; null where there is none. */
  score: number | null
  /** The text of the reply; null where the RAG service would be asked. */
  reply: string | null
  candidates: TryCandidate[]
  strictness: 'cautious' | 'balanced' | 'eager'
  used_encoder: boolean
  duration_ms: number
}
