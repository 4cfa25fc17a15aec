import { z } from 'zod'
import type { BotReply, ChatFaq, ChatMessage, Citation, ClosedConversation, ConversationSummary, CustomerChatConfig, DeletedConversations, FeedbackResult, LeftToPerson, PendingAnswer, StoredFeedback, Suggestion } from '../chat'
import { answerOf, countAnswer, idAnswer, momentAnswer } from './answer'

export const citationAnswer = answerOf<Citation>()(z.object({ title: z.string().nullable(), url: z.string().nullable() }).meta({ id: 'Citation' }))
const suggestionAnswer = answerOf<Suggestion>()(z.object({ faq_id: idAnswer, question: z.string() }).meta({ id: 'Suggestion' }))
const storedFeedback = answerOf<StoredFeedback>()(z.object({ id: idAnswer, value: z.enum(['up', 'down']), comment: z.string().nullable() }).meta({ id: 'StoredFeedback' }))
export const sourceAnswer = z.enum(['faq', 'rag', 'fallback'])
export const conversationStatusAnswer = z.enum(['active', 'closed'])

const messageFields = {
  id: idAnswer,
  sender: z.enum(['customer', 'bot', 'agent']),
  text: z.string(),
  timestamp: momentAnswer,
  seq: z.int().min(1),
  client_message_id: idAnswer.optional(),
  reply_to: idAnswer.optional(),
  source: sourceAnswer.optional(),
  faq_id: idAnswer.optional(),
  suggestions: z.array(suggestionAnswer).optional(),
  citations: z.array(citationAnswer).optional(),
  pending: z.literal(true).optional(),
  feedback: storedFeedback.optional(),
}
export const chatMessageFields = z.object(messageFields)
export const chatMessageAnswer = answerOf<ChatMessage>()(z.object(messageFields).meta({ id: 'ChatMessage' }))

export const botReplyAnswer = answerOf<BotReply>()(z.object({
  message_id: idAnswer,
  id: idAnswer,
  conversation_id: idAnswer,
  sender: z.literal('bot'),
  text: z.string(),
  timestamp: momentAnswer,
  seq: z.int().min(1),
  reply_to: idAnswer,
  source: sourceAnswer,
  faq_id: idAnswer.nullable(),
  faq_matched: z.boolean(),
  suggestions: z.array(suggestionAnswer),
  citations: z.array(citationAnswer),
  feedback: storedFeedback.nullable(),
  handled_by: z.literal('waiting').optional(),
}).meta({ id: 'BotReply' }))

const pendingAnswer = answerOf<PendingAnswer>()(z.object({ conversation_id: idAnswer, question: z.object({ ...messageFields, pending: z.literal(true) }), handled_by: z.undefined().optional() }))
const leftToPerson = answerOf<LeftToPerson>()(z.object({ conversation_id: idAnswer, question: chatMessageAnswer, handled_by: z.literal('person') }))
export const acceptedAnswer = z.union([pendingAnswer, leftToPerson]).meta({ id: 'AcceptedQuestion' })

export const chatFaqsAnswer = z.array(answerOf<ChatFaq>()(z.object({ id: idAnswer, question: z.string(), answer: z.string(), order: z.int() }).meta({ id: 'ChatFaq' })))

export const conversationSummaryAnswer = answerOf<ConversationSummary>()(z.object({
  id: idAnswer,
  status: conversationStatusAnswer,
  started_at: momentAnswer,
  ended_at: momentAnswer.nullable(),
  message_count: countAnswer,
  last_message_at: momentAnswer.nullable(),
}).meta({ id: 'ConversationSummary' }))
export const conversationsAnswer = z.array(conversationSummaryAnswer)
export const messagesAnswer = z.array(chatMessageAnswer)
export const deletedConversationsAnswer = answerOf<DeletedConversations>()(z.object({ deleted: countAnswer }))
export const closedConversationAnswer = answerOf<ClosedConversation>()(z.object({ id: idAnswer, status: z.literal('closed'), ended_at: momentAnswer }))
export const transcriptAnswer = z.object({ conversation: conversationSummaryAnswer, messages: messagesAnswer })
export const transcriptMailedAnswer = z.object({ delivery: z.literal('email'), status: z.literal('accepted') })
export const feedbackAnswer = answerOf<FeedbackResult>()(z.object({ success: z.literal(true), feedback_id: idAnswer.nullable() }))

export const publicConfigFields = {
  polling_interval_ms: z.int(),
  fallback_message: z.string(),
  bot_name: z.string(),
  greeting: z.string(),
  contact_email: z.string().nullable(),
  accent_color: z.string().nullable(),
}
export const customerConfigAnswer = answerOf<CustomerChatConfig>()(z.object({ ...publicConfigFields, away_until: momentAnswer.nullable().optional() }).meta({ id: 'CustomerChatConfig' }))
