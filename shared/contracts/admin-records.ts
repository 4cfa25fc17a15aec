import { z } from 'zod'
import { pageQuery, withoutEmpty, type Page } from './admin'
import type { ChatMessage, ConversationStatus, FeedbackValue, ReplySource, Sender } from './chat'
import type { Handling, HandlingState } from './handover'
import { searchText } from './text'

const moment = (edge: 'start' | 'end') => z.union([
  z.iso.datetime({ offset: true }),
  // A day alone means all of it, in UTC.
  z.iso.date().transform(day => (edge === 'start' ? `${day}T00:00:00.000Z` : `${day}T23:59:59.999Z`)),
], { error: 'Send a date such as 2026-11-22, or a time such as 2026-11-22T14:05:00Z.' }).transform(text => new Date(text))
  // PostgreSQL knows no year 0, and no other date is written with four digits.
  .refine(date => date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999, 'Send a date of the years 1 to 9999.')

const period = { from: moment('start').optional(), to: moment('end').optional() }

export const listAdminConversationsQuery = withoutEmpty(pageQuery.extend({
  ...period,
  status: z.enum(['active', 'closed'], { error: 'Send active or closed.' }).optional(),
  /** An id, or how an e-mail address or a name begins. */
  customer: searchText(254).min(1).optional(),
  /** Words that one of its messages has, whole or as they begin. `from` and `to` are then about that message. */
  q: searchText(200).min(1).optional(),
  source: z.enum(['faq', 'suggestion', 'rag', 'fallback'], { error: 'Send faq, suggestion, rag or fallback.' }).optional(),
  feedback: z.enum(['up', 'down'], { error: 'Send up or down.' }).optional(),
}))

export interface AdminCustomer { id: string, name: string, email: string }

export interface AdminConversation {
  id: string
  status: ConversationStatus
  started_at: string
  ended_at: string | null
  message_count: number
  last_message_at: string
  customer: AdminCustomer
  /** The customer's first question. */
  first_question: string | null
  /** Who answers, and since when the customer waits for a person (null: they do not). */
  handling: Handling
  waiting_since: string | null
  /** Of a search: the newest message that has the words, its text up to 600 characters. */
  match?: { id: string, seq: number, sender: Sender, text: string }
}
export type AdminConversationPage = Page<AdminConversation>

/** A message with what the customer does not see. */
export interface AdminMessage extends ChatMessage {
  /** The matcher's probability for its best FAQ. */
  score?: number
  /** The question of the FAQ that answered. */
  faq_question?: string
  /** Where on the site the customer asked. */
  page?: string
  /** The admin who wrote it as a person. */
  agent_name?: string
  /** A reply: how long after its question it was there. */
  reply_ms?: number
}
export interface AdminConversationDetail extends AdminConversation, HandlingState { messages: AdminMessage[], /** More follow: ask again with after. */ next_after: number | null }
export const adminConversationQuery = z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647, 'Send a seq of this conversation.').default(0), limit: z.coerce.number().int().min(1).max(500).default(200) })

const feedbackFilter = { ...period, value: z.enum(['up', 'down'], { error: 'Send up or down.' }).optional() }
export const listAdminFeedbackQuery = withoutEmpty(pageQuery.extend(feedbackFilter))
export const exportFeedbackQuery = withoutEmpty(z.object({ ...feedbackFilter, format: z.enum(['csv', 'json'], { error: 'Send csv or json.' }).default('csv') }))

/** Of a conversation that was deleted with its account, or by the retention, the rating stays: the fields that may be null are null then. */
export interface AdminFeedback {
  id: string
  value: FeedbackValue
  comment: string | null
  timestamp: string
  customer: AdminCustomer | null
  conversation_id: string | null
  message_id: string | null
  /** What the customer had asked. */
  question: string | null
  reply: string | null
  source: ReplySource | null
  faq_id: string | null
}
export type AdminFeedbackPage = Page<AdminFeedback>

export const listAuditQuery = withoutEmpty(pageQuery.extend({
  ...period,
  entity: searchText(50).optional(),
  entity_id: searchText(100).optional(),
  /** Who did it: an id, or how an e-mail address or a name begins. */
  actor: searchText(254).min(1).optional(),
}))

export interface AuditEntry {
  id: string
  /** null: the system itself, or somebody who is gone. */
  actor: { id: string, name: string } | null
  action: string
  entity: string
  entity_id: string | null
  before: unknown
  after: unknown
  request_id: string | null
  created_at: string
}
export type AuditPage = Page<AuditEntry>
