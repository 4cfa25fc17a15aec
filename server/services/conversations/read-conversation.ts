import { notFound } from '#server/core/app-error'
import { log } from '#server/core/log'
import { inTransaction } from '#server/db/client'
import { closeConversation, listConversations, findConversation, type ConversationPulse } from '#server/db/conversations'
import { listConversationIds } from '#server/db/erasure'
import { listMessages } from '#server/db/messages'
import { eraseWithTraces } from '#server/services/privacy/erase'
import { forgetRevisions } from '#server/services/revision-watch'
import type { ChatMessage, ClosedConversation, ConversationStatus, ConversationSummary, DeletedConversations } from '#shared/contracts/chat'
import { keptPulse, readAndKeepPulse } from './current-pulse'
import { chatMessage, conversationSummary } from './message-views'

export type { ConversationPulse }

export async function listOwnConversations(customerId: string, status: ConversationStatus, limit: number): Promise<ConversationSummary[]> {
  return (await listConversations(customerId, status, limit)).map(conversationSummary)
}

/** Version and status of the customer's conversation, from memory where that is known to hold. Throws NOT_FOUND. */
export async function requirePulse(customerId: string, id: string): Promise<ConversationPulse> {
  const pulse = keptPulse(customerId, id) ?? await readAndKeepPulse(customerId, id)
  if (!pulse) throw notFound('conversation')
  return pulse
}

export interface MessagePage {
  messages: ChatMessage[]
  /** More lies beyond, in the direction of reading. */
  more: boolean
}

/** Messages by `seq` ascending. The caller has checked (`requirePulse`) whose conversation it is. */
export async function readMessages(conversationId: string, range: { after: number } | { before: number }, limit: number): Promise<MessagePage> {
  const rows = await listMessages(conversationId, range, limit + 1)
  const more = rows.length > limit
  const page = 'before' in range && more ? rows.slice(1) : rows.slice(0, limit)
  return { messages: page.map(chatMessage), more }
}

/** Removes everything the customer has written here and what was answered; of a rating the thumb stays, without the person. A reply under way finds nothing to answer. */
export async function deleteOwnConversations(customerId: string): Promise<DeletedConversations> {
  const erased = await inTransaction(async () => eraseWithTraces(await listConversationIds(customerId)))
  if (erased.negatives) forgetRevisions()
  log.info({ deleted: erased.conversations }, 'A customer deleted their conversations')
  return { deleted: erased.conversations }
}

/** Closes the conversation; closing it again gives the same answer. Throws NOT_FOUND. */
export async function endConversation(customerId: string, id: string): Promise<ClosedConversation> {
  const closed = await closeConversation(customerId, id)
  if (!closed) throw notFound('conversation')
  return { id: closed.id, status: 'closed', ended_at: closed.endedAt!.toISOString() }
}

export interface WholeConversation { conversation: ConversationSummary, messages: ChatMessage[] }

/** The customer's conversation from its first word to its last. Throws NOT_FOUND. */
export async function readWholeConversation(customerId: string, id: string): Promise<WholeConversation> {
  const conversation = await findConversation(customerId, id)
  if (!conversation) throw notFound('conversation')
  const messages: ChatMessage[] = []
  for (let more = true; more;) {
    const page = await readMessages(id, { after: messages.at(-1)?.seq ?? 0 }, 500)
    messages.push(...page.messages)
    more = page.more
  }
  return { conversation: conversationSummary(conversation), messages }
}
