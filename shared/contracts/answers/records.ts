import { z } from 'zod'
import type { AdminConversation, AdminConversationDetail, AdminConversationPage, AdminCustomer, AdminFeedback, AdminFeedbackPage, AdminMessage, AuditEntry, AuditPage } from '../admin-records'
import { handlings, type AgentMessage, type ConversationHandling, type WaitingPage } from '../handover'
import { answerOf, countAnswer, durationAnswer, idAnswer, momentAnswer, pageOf } from './answer'
import { chatMessageFields, conversationStatusAnswer, sourceAnswer } from './chat'

const customerAnswer = answerOf<AdminCustomer>()(z.object({ id: idAnswer, name: z.string(), email: z.string() }).meta({ id: 'AdminCustomer' }))
const handling = z.enum(handlings)

const conversationFields = {
  id: idAnswer,
  status: conversationStatusAnswer,
  started_at: momentAnswer,
  ended_at: momentAnswer.nullable(),
  message_count: countAnswer,
  last_message_at: momentAnswer,
  customer: customerAnswer,
  first_question: z.string().nullable(),
  handling,
  waiting_since: momentAnswer.nullable(),
  match: z.object({ id: idAnswer, seq: z.int(), sender: z.enum(['customer', 'bot', 'agent']), text: z.string() }).optional(),
}
const adminConversation = answerOf<AdminConversation>()(z.object(conversationFields).meta({ id: 'AdminConversation' }))
export const adminConversationPageAnswer = answerOf<AdminConversationPage>()(pageOf(adminConversation))

const adminMessage = answerOf<AdminMessage>()(chatMessageFields.extend({
  score: z.number().optional(),
  faq_question: z.string().optional(),
  page: z.string().optional(),
  agent_name: z.string().optional(),
  reply_ms: durationAnswer.optional(),
}).meta({ id: 'AdminMessage' }))

const handlingFields = { handling, waiting_since: momentAnswer.nullable(), agent: z.object({ id: idAnswer, name: z.string() }).nullable(), handover_question: z.string().nullable() }
export const adminConversationAnswer = answerOf<AdminConversationDetail>()(z.object({
  ...conversationFields,
  ...handlingFields,
  messages: z.array(adminMessage),
  next_after: z.int().nullable(),
}).meta({ id: 'AdminConversationDetail' }))

export const conversationHandlingAnswer = answerOf<ConversationHandling>()(z.object({ ...handlingFields, conversation_id: idAnswer, status: conversationStatusAnswer }).meta({ id: 'ConversationHandling' }))
export const agentMessageAnswer = answerOf<AgentMessage>()(chatMessageFields.extend({ sender: z.literal('agent'), conversation_id: idAnswer }).meta({ id: 'AgentMessage' }))
const waitingConversation = z.object({ ...handlingFields, id: idAnswer, customer: customerAnswer, message_count: countAnswer, last_message_at: momentAnswer.nullable(), last_question: z.string().nullable() }).meta({ id: 'WaitingConversation' })
export const waitingPageAnswer = answerOf<WaitingPage>()(pageOf(waitingConversation).extend({ waiting: countAnswer }))

const adminFeedback = answerOf<AdminFeedback>()(z.object({
  id: idAnswer,
  value: z.enum(['up', 'down']),
  comment: z.string().nullable(),
  timestamp: momentAnswer,
  customer: customerAnswer.nullable(),
  conversation_id: idAnswer.nullable(),
  message_id: idAnswer.nullable(),
  question: z.string().nullable(),
  reply: z.string().nullable(),
  source: sourceAnswer.nullable(),
  faq_id: idAnswer.nullable(),
}).meta({ id: 'AdminFeedback' }))
export const adminFeedbackPageAnswer = answerOf<AdminFeedbackPage>()(pageOf(adminFeedback))
export const adminFeedbackFileAnswer = z.array(adminFeedback)

const auditEntry = answerOf<AuditEntry>()(z.object({
  id: idAnswer,
  actor: z.object({ id: idAnswer, name: z.string() }).nullable(),
  action: z.string(),
  entity: z.string(),
  entity_id: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  request_id: z.string().nullable(),
  created_at: momentAnswer,
}).meta({ id: 'AuditEntry' }))
export const auditPageAnswer = answerOf<AuditPage>()(pageOf(auditEntry))
