import type { ConversationRow } from '#server/db/conversations'
import type { MessageWithFeedback, NewQuestion, ShownMessage } from '#server/db/messages'
import type { BotReply, ChatMessage, ConversationSummary, LeftToPerson, PendingAnswer } from '#shared/contracts/chat'

/** A stored reply as `POST /messages` gives it. */
export function botReply(row: MessageWithFeedback): BotReply {
  return {
    message_id: row.id,
    id: row.id,
    conversation_id: row.conversationId,
    sender: 'bot',
    text: row.text,
    timestamp: row.createdAt.toISOString(),
    seq: row.seq,
    reply_to: row.replyTo!,
    source: row.source!,
    faq_id: row.faqId,
    faq_matched: row.source === 'faq' && !row.suggestions?.length,
    suggestions: row.suggestions ?? [],
    citations: row.citations ?? [],
    feedback: row.feedback,
  }
}

/** A message as the history and the poll give it: a field that says nothing is left out. */
export function chatMessage(row: ShownMessage): ChatMessage {
  return {
    id: row.id,
    sender: row.sender,
    text: row.text,
    timestamp: row.createdAt.toISOString(),
    seq: row.seq,
    // An agent's is the back office's own business.
    ...(row.clientMessageId && row.sender === 'customer' ? { client_message_id: row.clientMessageId } : {}),
    ...(row.replyTo ? { reply_to: row.replyTo } : {}),
    ...(row.source ? { source: row.source } : {}),
    ...(row.faqId ? { faq_id: row.faqId } : {}),
    ...(row.suggestions?.length ? { suggestions: row.suggestions } : {}),
    ...(row.citations?.length ? { citations: row.citations } : {}),
    ...(row.replyState === 'pending' ? { pending: true as const } : {}),
    ...(row.feedback ? { feedback: row.feedback } : {}),
  }
}

type StoredQuestion = NewQuestion & { conversationId: string, seq: number, createdAt: Date }

/** A question whose answer is late, as `POST /messages` gives it with 202. */
export const pendingAnswer = (question: StoredQuestion): PendingAnswer => ({ conversation_id: question.conversationId, question: { ...storedQuestion(question), pending: true } })

/** A question that a person answers, as `POST /messages` gives it with 202. */
export const leftToPerson = (question: StoredQuestion): LeftToPerson => ({ conversation_id: question.conversationId, question: storedQuestion(question), handled_by: 'person' })

function storedQuestion(question: StoredQuestion): ChatMessage {
  return {
    id: question.id,
    sender: 'customer',
    text: question.text,
    timestamp: question.createdAt.toISOString(),
    seq: question.seq,
    ...(question.clientMessageId ? { client_message_id: question.clientMessageId } : {}),
    ...(question.faqId ? { faq_id: question.faqId } : {}),
  }
}

export function conversationSummary(row: ConversationRow): ConversationSummary {
  return {
    id: row.id,
    status: row.status,
    started_at: row.startedAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
    message_count: row.lastSeq,
    last_message_at: row.lastMessageAt?.toISOString() ?? null,
  }
}
