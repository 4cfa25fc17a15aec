import { z } from 'zod'
import { MESSAGE_MAX, type Citation, type FeedbackValue, type PublicChatConfig } from './chat'
import { officeHoursSchema, type OfficeHours } from './office-hours'
import { limitSchema, searchText, typedText, unfitForLine, uuidSchema, versionSchema } from './text'

export const QUESTION_MAX = 300
export const ANSWER_MAX = 4000
export const PHRASINGS_MAX = 100

export interface Page<Item> { items: Item[], next_cursor: string | null }

export const pageQuery = z.object({
  limit: limitSchema(50),
  cursor: z.string().max(500).optional(),
})

/** A filter that was left empty (`?status=&q=`) is none. */
export const withoutEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(query => (typeof query === 'object' && query !== null ? Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')) : query), schema)

/** `total`: how many match `q` and `active`, whatever the page. */
export interface FaqPage extends Page<AdminFaq> { total: number }

export interface AdminFaq {
  id: string
  question: string
  answer: string
  phrasings: string[]
  order: number
  is_active: boolean
  version: number
  created_at: string
  updated_at: string
}

const faqFields = {
  question: typedText(QUESTION_MAX, 'question'),
  answer: typedText(ANSWER_MAX, 'answer'),
  phrasings: z.array(typedText(QUESTION_MAX, 'phrasing'), { error: 'Send phrasings as a list of strings.' }).max(PHRASINGS_MAX, `Keep to ${PHRASINGS_MAX} phrasings.`),
  order: z.number({ error: 'Send a whole number.' }).int('Send a whole number.').min(0).max(1_000_000),
  is_active: z.boolean({ error: 'Send true or false.' }),
}

export const createFaqSchema = z.object({
  ...faqFields,
  phrasings: faqFields.phrasings.default([]),
  order: faqFields.order.optional(),
  is_active: faqFields.is_active.default(true),
}, { error: 'Send a JSON object with question and answer.' })
export type CreateFaq = z.input<typeof createFaqSchema>

export const updateFaqSchema = z.object({
  ...faqFields,
  /** The version this edit is based on. */
  version: versionSchema,
}).partial({ question: true, answer: true, phrasings: true, order: true, is_active: true })
export type UpdateFaq = z.input<typeof updateFaqSchema>

export const faqParams = z.object({ id: uuidSchema })
export const listFaqsQuery = pageQuery.extend({ q: searchText(200).optional(), active: z.enum(['true', 'false'], { error: 'Send true or false.' }).optional() })

/** A question and a FAQ that does not answer it: learned from a thumbs down, or said by an admin. */
export interface FaqNegative {
  id: string
  faq_id: string
  faq_question: string
  question: string
  source: 'feedback' | 'admin'
  created_at: string
}

export const addNegativeSchema = z.object({
  faq_id: uuidSchema,
  question: typedText(MESSAGE_MAX, 'question'),
}, { error: 'Send a JSON object with faq_id and question.' })

export const ragApiFormats = ['plain', 'openai', 'dify', 'flowise'] as const
export type RagApiFormat = typeof ragApiFormats[number]
export type RagApiKeyStatus = 'none' | 'set' | 'unreadable'
export const answerStrictnesses = ['cautious', 'balanced', 'eager'] as const
export type AnswerStrictness = typeof answerStrictnesses[number]

const httpUrl = z.url({ protocol: /^https?$/, error: 'Send an address that starts with http:// or https://.' })
  .max(500, 'Keep the address to 500 characters.')
  // URL itself takes them: it writes them as %00.
  .refine(value => value.search(unfitForLine) < 0, 'Remove the control characters from the address.')
  .refine(value => !URL.canParse(value) || (!new URL(value).username && !new URL(value).password), 'Put the key in rag_api_key, not in the address.')

/** An empty field of a form means "none". */
const orNone = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(value => (value === '' ? null : value), schema.nullable())

const retentionDays = z.number({ error: 'Send a number of days.' }).int('Send a whole number of days.').min(1, 'Keep conversations for at least 1 day.').max(36_500, 'Keep conversations for at most 36,500 days, or leave it empty.')

export const configSchema = z.object({
  bot_name: typedText(60, 'bot_name'),
  greeting: typedText(500, 'greeting'),
  fallback_message: typedText(1000, 'fallback_message'),
  contact_email: orNone(z.email({ error: 'Check the e-mail address: it should look like name@example.com.' }).max(254)),
  accent_color: orNone(z.string().regex(/^#[0-9a-f]{6}$/i, 'Send a colour such as #a8d497.')),
  polling_interval_ms: z.number({ error: 'Send a number of milliseconds.' }).int().min(500, 'Poll every 500 ms at the most often.').max(60_000, 'Poll at least every 60,000 ms.'),
  rag_api_url: orNone(httpUrl),
  rag_api_format: z.enum(ragApiFormats, { error: `Send one of ${ragApiFormats.join(', ')}.` }),
  rag_feedback_url: orNone(httpUrl),
  /** Of the format openai: which model to ask, and what it is told before every conversation. */
  rag_model: orNone(typedText(200, 'rag_model')),
  rag_system_prompt: orNone(typedText(4000, 'rag_system_prompt')),
  rag_max_in_flight: z.number({ error: 'Send a whole number.' }).int('Send a whole number.').min(1, 'Let at least 1 question through at once.').max(1000, 'Let at most 1,000 questions through at once.'),
  rag_timeout_ms: z.number({ error: 'Send a number of milliseconds.' }).int().min(500, 'Give the RAG API at least 500 ms.').max(60_000, 'Give the RAG API at most 60,000 ms.'),
  rag_late_answer_ms: z.number({ error: 'Send a number of milliseconds.' }).int().min(0).max(300_000, 'Wait at most 300,000 ms for a late answer.'),
  answer_strictness: z.enum(answerStrictnesses, { error: `Send one of ${answerStrictnesses.join(', ')}.` }),
  /** When a person answers; null says nothing about it. */
  office_hours: officeHoursSchema.nullable(),
  /** Conversations without a message for so many days are deleted; null: never. */
  retention_days: orNone(retentionDays),
  /** Whether e-mail addresses, phone, card and account numbers are taken out before a question goes to the RAG API. */
  mask_personal_data: z.boolean({ error: 'Send true or false.' }),
  /** Written, never read. `""` clears it; left out, it stays. */
  rag_api_key: z.string().max(2000).refine(value => value.search(unfitForLine) < 0, 'Remove the control characters from the key.').optional(),
  version: versionSchema,
})
/** PUT takes the fields that change, with the version they are based on. */
export const updateConfigSchema = configSchema.partial().required({ version: true })
export type UpdateConfig = z.input<typeof updateConfigSchema>

export interface AdminConfig extends PublicChatConfig {
  rag_api_url: string | null
  rag_api_format: RagApiFormat
  rag_feedback_url: string | null
  rag_model: string | null
  rag_system_prompt: string | null
  /** How many questions each server asks at once; the rest get the fallback. */
  rag_max_in_flight: number
  rag_timeout_ms: number
  rag_late_answer_ms: number
  answer_strictness: AnswerStrictness
  office_hours: OfficeHours | null
  retention_days: number | null
  mask_personal_data: boolean
  rag_api_key_set: boolean
  /** The last 4 characters; null where no key is set. */
  rag_api_key_hint: string | null
  /** `unreadable`: ENCRYPTION_KEY has changed and no longer opens it; questions get the fallback until it is entered again. */
  rag_api_key_status: RagApiKeyStatus
  version: number
  updated_at: string
}

/** Asks the RAG API with these settings; those left out are the stored ones. The stored key goes to the stored origin only. */
export const testConfigSchema = configSchema
  .pick({ rag_api_url: true, rag_api_format: true, rag_model: true, rag_system_prompt: true, rag_timeout_ms: true, rag_api_key: true })
  .extend({ question: typedText(500, 'question') })
  .partial()
export type TestConfig = z.input<typeof testConfigSchema>

export interface RagTestResult {
  ok: boolean
  /** `skipped`: it was not asked; `reason` says why. */
  outcome: 'answer' | 'unknown' | 'failed' | 'skipped'
  /** The HTTP status; null where there was none. */
  status: number | null
  duration_ms: number
  answer: string | null
  citations: Citation[]
  /** null when it answered. */
  reason: string | null
  /** What the service itself said about its failure, where it said something. */
  detail: string | null
  /** `withheld`: the stored key was not sent to an address on another origin; type it in to try it there. */
  key: 'sent' | 'none' | 'unreadable' | 'withheld'
}

export const breakerStates = ['closed', 'open', 'half_open'] as const
export type BreakerState = typeof breakerStates[number]

export interface RagStatus {
  configured: boolean
  format: RagApiFormat
  key: RagApiKeyStatus
  /** Of the server that answers: each has its own. `try_again_at`: when an open breaker lets a question through again. */
  breaker: { state: BreakerState, opened_at: string | null, try_again_at: string | null }
  in_flight: number
  max_in_flight: number
  last_answer_at: string | null
  last_error: { at: string, reason: string, status: number | null } | null
  /** Of this server, since its start at the earliest. null: nothing was asked. */
  last_hour: { calls: number, failed: number, skipped: number, p50_ms: number | null, p95_ms: number | null }
  outbox: OutboxSummary
  /** Questions whose reply is being made, on any server. */
  pending_questions: number
}

export interface OutboxSummary {
  pending: number
  given_up: number
  oldest_pending_at: string | null
  last_error: string | null
}

export const deliveryStatuses = ['pending', 'delivered', 'given_up'] as const
export type DeliveryStatus = typeof deliveryStatuses[number]
export const listOutboxQuery = pageQuery.extend({ status: z.enum(deliveryStatuses, { error: `Send one of ${deliveryStatuses.join(', ')}.` }).optional() })
export const outboxParams = z.object({ id: uuidSchema })

export interface AdminDelivery {
  id: string
  feedback_id: string
  message_id: string
  conversation_id: string
  /** Of the rating; it goes out as `Idempotency-Key: <feedback_id>:<version>`. */
  version: number
  value: FeedbackValue | null
  status: DeliveryStatus
  attempts: number
  next_attempt_at: string
  give_up_at: string
  last_error: string | null
  created_at: string
  delivered_at: string | null
}

export const retentionPreviewQuery = z.object({
  days: z.preprocess(days => (typeof days === 'string' && days !== '' ? Number(days) : days), retentionDays),
})

/** What a retention of so many days would delete now, and what the one in force has still to delete. */
export interface RetentionPreview {
  days: number
  /** Conversations whose last message is older than this go. */
  before: string
  conversations: number
  messages: number
  /** The last message of the oldest of them; null: none. */
  oldest: string | null
}
