import type { ChatMessage, FeedbackValue } from '#shared/contracts/chat'
import type { Place } from './live'

/** Why a message has not reached the server yet, or never will without the person. */
export type HoldReason = 'offline' | 'unreachable' | 'signed-out' | 'rate-limited' | 'closed' | 'refused'

/** A text the customer has sent and the server has not confirmed. Lives in localStorage until it has. */
export interface Outgoing {
  /** The `client_message_id`: makes sending it again harmless. */
  clientId: string
  text: string
  faqId: string | null
  /** null: whichever conversation is active. */
  conversationId: string | null
  page: string | null
  /** Milliseconds since 1970; the outbox is sent in this order. */
  createdAt: number
  /** `stored`: the server has it, and the next poll shows it in its place. `failed` waits for the person, `waiting` goes on by itself. */
  state: 'queued' | 'sending' | 'waiting' | 'failed' | 'stored'
  reason: HoldReason | null
  /** The server's own sentence, where it refused. */
  detail: string | null
}

/** What the customer sees of their rating while the server has not confirmed it, or after it refused. */
export interface Rating {
  value: FeedbackValue | null
  comment: string | null
  failed: boolean
}

/** A conversation of the past, opened for reading. */
export interface Archive {
  id: string
  messages: ChatMessage[]
  failed: boolean
  /** Puts the page before what is shown in front. */
  loadEarlier: (place?: Place) => Promise<void>
}

export type Connection = 'ok' | 'offline' | 'unreachable'
