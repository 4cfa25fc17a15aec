import { z } from 'zod'
import { answerStrictnesses, breakerStates, deliveryStatuses, ragApiFormats, type AdminConfig, type AdminDelivery, type OutboxSummary, type RagStatus, type RagTestResult, type RetentionPreview } from '../admin'
import type { AdminUser, AdminUserPage } from '../admin-people'
import { answerOf, countAnswer, durationAnswer, idAnswer, momentAnswer, pageOf } from './answer'
import { citationAnswer, publicConfigFields } from './chat'

const keyStatus = z.enum(['none', 'set', 'unreadable'])

export const adminConfigAnswer = answerOf<AdminConfig>()(z.object({
  ...publicConfigFields,
  rag_api_url: z.string().nullable(),
  rag_api_format: z.enum(ragApiFormats),
  rag_feedback_url: z.string().nullable(),
  rag_model: z.string().nullable(),
  rag_system_prompt: z.string().nullable(),
  rag_max_in_flight: z.int(),
  rag_timeout_ms: z.int(),
  rag_late_answer_ms: z.int(),
  answer_strictness: z.enum(answerStrictnesses),
  office_hours: z.object({ zone: z.string(), week: z.array(z.object({ day: z.int(), from: z.string(), to: z.string() })) }).nullable(),
  retention_days: z.int().nullable(),
  mask_personal_data: z.boolean(),
  rag_api_key_set: z.boolean(),
  rag_api_key_hint: z.string().nullable(),
  rag_api_key_status: keyStatus,
  version: z.int(),
  updated_at: momentAnswer,
}).meta({ id: 'AdminConfig' }))

export const ragTestAnswer = answerOf<RagTestResult>()(z.object({
  ok: z.boolean(),
  outcome: z.enum(['answer', 'unknown', 'failed', 'skipped']),
  status: z.int().nullable(),
  duration_ms: durationAnswer,
  answer: z.string().nullable(),
  citations: z.array(citationAnswer),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  key: z.enum(['sent', 'none', 'unreadable', 'withheld']),
}).meta({ id: 'RagTestResult' }))

const outboxSummary = answerOf<OutboxSummary>()(z.object({ pending: countAnswer, given_up: countAnswer, oldest_pending_at: momentAnswer.nullable(), last_error: z.string().nullable() }))

export const ragStatusAnswer = answerOf<RagStatus>()(z.object({
  configured: z.boolean(),
  format: z.enum(ragApiFormats),
  key: keyStatus,
  breaker: z.object({ state: z.enum(breakerStates), opened_at: momentAnswer.nullable(), try_again_at: momentAnswer.nullable() }),
  in_flight: countAnswer,
  max_in_flight: countAnswer,
  last_answer_at: momentAnswer.nullable(),
  last_error: z.object({ at: momentAnswer, reason: z.string(), status: z.int().nullable() }).nullable(),
  last_hour: z.object({ calls: countAnswer, failed: countAnswer, skipped: countAnswer, p50_ms: durationAnswer.nullable(), p95_ms: durationAnswer.nullable() }),
  outbox: outboxSummary,
  pending_questions: countAnswer,
}).meta({ id: 'RagStatus' }))

export const deliveryAnswer = answerOf<AdminDelivery>()(z.object({
  id: idAnswer,
  feedback_id: idAnswer,
  message_id: idAnswer,
  conversation_id: idAnswer,
  version: z.int(),
  value: z.enum(['up', 'down']).nullable(),
  status: z.enum(deliveryStatuses),
  attempts: countAnswer,
  next_attempt_at: momentAnswer,
  give_up_at: momentAnswer,
  last_error: z.string().nullable(),
  created_at: momentAnswer,
  delivered_at: momentAnswer.nullable(),
}).meta({ id: 'AdminDelivery' }))
export const deliveryPageAnswer = pageOf(deliveryAnswer)

export const adminUserAnswer = answerOf<AdminUser>()(z.object({
  id: idAnswer,
  email: z.string(),
  name: z.string(),
  role: z.enum(['customer', 'admin']),
  disabled: z.boolean(),
  disabled_at: momentAnswer.nullable(),
  created_at: momentAnswer,
  last_seen_at: momentAnswer.nullable(),
  conversation_count: countAnswer,
  version: z.int(),
}).meta({ id: 'AdminUser' }))
export const adminUserPageAnswer = answerOf<AdminUserPage>()(pageOf(adminUserAnswer))

export const retentionPreviewAnswer = answerOf<RetentionPreview>()(z.object({ days: countAnswer, before: momentAnswer, conversations: countAnswer, messages: countAnswer, oldest: momentAnswer.nullable() }))
