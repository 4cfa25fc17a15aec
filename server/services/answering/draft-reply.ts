import type { RagApiFormat } from '#shared/contracts/admin'
import type { Citation, ReplySource, Suggestion } from '#shared/contracts/chat'

/** A reply before it is stored. */
export interface DraftReply {
  text: string
  source: ReplySource
  faqId: string | null
  /** The matcher's probability that its best FAQ is right; null where it was not asked. */
  score: number | null
  suggestions: Suggestion[]
  citations: Citation[]
  /** Of a reply of the RAG API: what that calls the conversation and the message. */
  remote?: { format: RagApiFormat, conversationId: string | null, messageId: string | null } | null
  /** It says that a person has been told: from now on the conversation waits for one. */
  asksForPerson?: boolean
}
