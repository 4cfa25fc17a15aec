import { z } from 'zod'
import type { Page } from './admin'
import type { AdminCustomer } from './admin-records'
import { MESSAGE_MAX, type ChatMessage, type ConversationStatus } from './chat'
import { typedText, uuidSchema } from './text'

/** `waiting`: a person was asked for and the bot goes on meanwhile; `person`: a person answers and the bot is quiet. */
export const handlings = ['bot', 'waiting', 'person'] as const
export type Handling = typeof handlings[number]

/** Who answers in a conversation. */
export interface HandlingState {
  handling: Handling
  /** Since when the customer waits for a person's word; null: they do not. */
  waiting_since: string | null
  /** The admin who answers; null: nobody does. */
  agent: { id: string, name: string } | null
  /** The question that got no answer before a person was asked for; null: they asked without one. */
  handover_question: string | null
}

export interface ConversationHandling extends HandlingState { conversation_id: string, status: ConversationStatus }

export interface WaitingConversation extends HandlingState {
  id: string
  customer: AdminCustomer
  message_count: number
  last_message_at: string | null
  /** What the customer wrote last. */
  last_question: string | null
}
export type WaitingPage = Page<WaitingConversation> & {
  /** How many of all wait for a person's word. */
  waiting: number
}

/** `take_over`: also out of a colleague's hands. */
export const claimSchema = z.object({ take_over: z.boolean({ error: 'Send true or false.' }).default(false) })

export const agentMessageSchema = z.preprocess(
  body => (typeof body === 'object' && body !== null && !('text' in body) && 'message_text' in body ? { ...body, text: body.message_text } : body),
  z.object({ text: typedText(MESSAGE_MAX, 'text'), client_message_id: uuidSchema.nullish() }, { error: 'Send a JSON object with text.' }),
)

/** What an admin said as a person, as stored. */
export interface AgentMessage extends ChatMessage { sender: 'agent', conversation_id: string }
