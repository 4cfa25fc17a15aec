import type { RagApiFormat } from '#shared/contracts/admin'
import type { Citation, FeedbackValue, Sender } from '#shared/contracts/chat'

/** A question on its way to the RAG API. */
export interface RagQuestion {
  conversationId: string
  messageId: string
  customerId: string
  text: string
  /** The messages before it, oldest first, at most HISTORY_LENGTH. */
  history: { sender: Sender, text: string }[]
  /** What the RAG API called this conversation the last time; null: it has not heard of it. */
  remoteConversationId: string | null
}

export const HISTORY_LENGTH = 10

/** Everything needed to talk to the RAG API; `key` in the clear. */
export interface RagSettings {
  format: RagApiFormat
  url: string
  key: string | null
  /** An address of its own for ratings, in the plain format; null: where the format has its place for them. */
  feedbackUrl: string | null
  model: string | null
  systemPrompt: string | null
  timeoutMs: number
  maxInFlight: number
}

/** What the RAG API calls a conversation and a message of ours. */
export interface RemoteIds { conversationId: string | null, messageId: string | null }

/** A version of a rating on its way to the RAG API, in the contract's words, with the rated reply's remote ids. */
export interface RagRating {
  feedbackId: string
  version: number
  messageId: string
  conversationId: string
  customerId: string
  value: FeedbackValue | null
  comment: string | null
  timestamp: string
  remote: RemoteIds | null
}

export interface RagCall { url: string, body: unknown }

/** What one answer says. `conversation_gone`: it has forgotten the conversation we named. `detail`: its own words, never logged. */
export type RagReading
  = | { kind: 'answer', text: string, citations: Citation[], remote: RemoteIds | null }
    | { kind: 'unknown' }
    | { kind: 'conversation_gone' }
    | { kind: 'failed', reason: string, detail?: string }

/** One format of RAG API. Pure: it writes requests and reads answers; sending is `http/exchange.ts`. */
export interface RagAdapter {
  ask: (question: RagQuestion, settings: RagSettings) => RagCall
  read: (status: number, body: string) => RagReading
  /** null: this format has no place for this rating. */
  rate: (rating: RagRating, settings: RagSettings) => RagCall | null
}

/**
 * `answer`: it knows. `unknown`: it is well and says that it does not know. `failed`: it was asked in vain; `costly`
 * when that took time or hurt a service in trouble, which is what the circuit breaker counts. `skipped`: not asked.
 */
export type RagOutcome
  = | { kind: 'answer', text: string, citations: Citation[], remote: RemoteIds | null, status: number }
    | { kind: 'unknown', status: number }
    | { kind: 'failed', reason: string, detail?: string, costly: boolean, status: number | null }
    | { kind: 'skipped', reason: string }
