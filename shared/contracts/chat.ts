import { z } from 'zod'
import { limitSchema, typedText, unfitForLine, uuidSchema } from './text'

export const MESSAGE_MAX = 2000
export const COMMENT_MAX = 1000

export interface Suggestion { faq_id: string, question: string }
export interface Citation { title: string | null, url: string | null }
export type FeedbackValue = 'up' | 'down'
export type ReplySource = 'faq' | 'rag' | 'fallback'
export type Sender = 'customer' | 'bot' | 'agent'
export type ConversationStatus = 'active' | 'closed'

/** `text` is another name of `message_text`; everything not named here is ignored, so that older and newer clients live together. */
const sendMessageBody = z.object({
  message_text: typedText(MESSAGE_MAX, 'message_text'),
  conversation_id: uuidSchema.nullish(),
  client_message_id: uuidSchema.nullish(),
  faq_id: uuidSchema.nullish(),
  /** A path only: a query string may carry what nobody meant to store. */
  page: z.string().max(2000).transform(page => page.split(/[?#]/)[0]!.slice(0, 300).replace(unfitForLine, '')).nullish(),
  accept_pending: z.boolean({ error: 'Send true or false.' }).nullish(),
}, { error: 'Send a JSON object with message_text.' })

export const sendMessageSchema = z.preprocess(
  body => (isRecord(body) && body.message_text === undefined && 'text' in body ? { ...body, message_text: body.text } : body),
  sendMessageBody,
)
export type SendMessage = z.input<typeof sendMessageBody>

export interface StoredFeedback { id: string, value: FeedbackValue, comment: string | null }

export interface BotReply {
  message_id: string
  id: string
  conversation_id: string
  sender: 'bot'
  text: string
  timestamp: string
  seq: number
  reply_to: string
  source: ReplySource
  faq_id: string | null
  faq_matched: boolean
  suggestions: Suggestion[]
  citations: Citation[]
  feedback: StoredFeedback | null
  /** It says that a person has been told; the bot goes on until one comes. */
  handled_by?: 'waiting'
}

/** One message of a conversation's history, as the poll brings it. */
export interface ChatMessage {
  id: string
  sender: Sender
  text: string
  timestamp: string
  /** 1, 2, 3 … in its conversation, without gaps. */
  seq: number
  client_message_id?: string
  reply_to?: string
  source?: ReplySource
  faq_id?: string
  suggestions?: Suggestion[]
  citations?: Citation[]
  /** On a customer's message: its reply is being made. */
  pending?: true
  feedback?: StoredFeedback
}

/** 202: the answer is late; a poll will bring it. */
export interface PendingAnswer { conversation_id: string, question: ChatMessage & { pending: true }, handled_by?: undefined }

/** 202: a person answers in this conversation and the bot is quiet; a poll will bring what they say. */
export interface LeftToPerson { conversation_id: string, question: ChatMessage, handled_by: 'person' }

export interface ChatFaq { id: string, question: string, answer: string, order: number }

export interface ConversationSummary {
  id: string
  status: ConversationStatus
  started_at: string
  ended_at: string | null
  message_count: number
  last_message_at: string | null
}

/** `deleted`: how many conversations there were. */
export interface DeletedConversations { deleted: number }

export interface ClosedConversation { id: string, status: 'closed', ended_at: string }

export interface PublicChatConfig {
  polling_interval_ms: number
  fallback_message: string
  bot_name: string
  greeting: string
  contact_email: string | null
  accent_color: string | null
}

/** `GET /config`: the public settings, and until when (ISO 8601) no person answers; null while one does, and where no office hours are set. */
export interface CustomerChatConfig extends PublicChatConfig { away_until?: string | null }

export const listConversationsQuery = z.object({
  status: z.enum(['active', 'closed'], { error: 'Send active or closed.' }).default('active'),
  limit: limitSchema(10),
})

const seq = z.coerce.number({ error: 'Send a seq: a whole number from 0.' }).int('Send a whole number.').min(0, 'Send 0 or more.').max(2_147_483_647, 'Send a seq of this conversation.')

/** `after`: the messages later than that seq. `before`: the newest ones earlier than it, for reading upwards. */
export const listMessagesQuery = z.object({
  after: seq.default(0),
  before: seq.optional(),
  limit: limitSchema(100),
})

export const conversationParams = z.object({ id: uuidSchema })

export const transcriptFormats = ['txt', 'json', 'pdf'] as const
export type TranscriptFormat = typeof transcriptFormats[number]
export const transcriptQuery = z.object({ format: z.enum(transcriptFormats, { error: 'Send txt, json or pdf.' }).default('txt') })
export const transcriptDeliverySchema = z.object({ delivery: z.literal('email', { error: 'Send "email".' }) }, { error: 'Send { "delivery": "email" }.' })

export const feedbackSchema = z.object({
  message_id: uuidSchema,
  value: z.enum(['up', 'down'], { error: 'Send up, down or null.' }).nullable(),
  comment: typedText(COMMENT_MAX, 'comment', 0).nullish(),
}, { error: 'Send a JSON object with message_id and value.' })
export type SendFeedback = z.input<typeof feedbackSchema>

export interface FeedbackResult { success: true, feedback_id: string | null }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
