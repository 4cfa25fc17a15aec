import { z } from 'zod'
import { answerStrictnesses, type AdminFaq, type FaqNegative, type FaqPage } from '../admin'
import type { FaqFileRow, ImportReport, TryResult } from '../admin-faqs'
import type { ReplayPart, SimilarResult } from '../replay'
import { answerOf, countAnswer, durationAnswer, idAnswer, momentAnswer, pageOf } from './answer'

export const adminFaqAnswer = answerOf<AdminFaq>()(z.object({
  id: idAnswer,
  question: z.string(),
  answer: z.string(),
  phrasings: z.array(z.string()),
  order: z.int(),
  is_active: z.boolean(),
  version: z.int(),
  created_at: momentAnswer,
  updated_at: momentAnswer,
}).meta({ id: 'AdminFaq' }))
export const faqPageAnswer = answerOf<FaqPage>()(pageOf(adminFaqAnswer).extend({ total: countAnswer }))
export const faqOrderAnswer = z.object({ items: z.array(z.object({ id: idAnswer, order: z.int() })) })
export const faqFileAnswer = z.array(answerOf<FaqFileRow>()(z.object({ question: z.string(), answer: z.string(), phrasings: z.array(z.string()), order: z.int(), is_active: z.boolean() })))

const negative = answerOf<FaqNegative>()(z.object({
  id: idAnswer,
  faq_id: idAnswer,
  faq_question: z.string(),
  question: z.string(),
  source: z.enum(['feedback', 'admin']),
  created_at: momentAnswer,
}).meta({ id: 'FaqNegative' }))
export const negativesAnswer = pageOf(negative)
export const addedAnswer = z.object({ id: idAnswer })

const nearFaq = z.object({ faq_id: idAnswer, question: z.string() })
export const importReportAnswer = answerOf<ImportReport>()(z.object({
  dry_run: z.boolean(),
  imported: z.boolean(),
  rows: countAnswer,
  created: countAnswer,
  updated: countAnswer,
  unchanged: countAnswer,
  errors: z.array(z.object({ row: countAnswer, column: z.string(), message: z.string() })),
  error_count: countAnswer,
  similar: z.object({ checked: countAnswer, found: countAnswer, rows: z.array(z.object({ row: countAnswer, question: z.string(), similar: nearFaq })) }).optional(),
  preview: z.array(z.object({ row: countAnswer, action: z.enum(['create', 'update', 'unchanged']), question: z.string(), changes: z.array(z.string()), similar: nearFaq.optional() })),
  ignored_columns: z.array(z.string()),
  revision: z.int(),
}).meta({ id: 'ImportReport' }))

export const decisionAnswer = z.enum(['answer', 'suggest', 'forward'])

export const tryAnswer = answerOf<TryResult>()(z.object({
  decision: decisionAnswer,
  outcome: z.enum(['answer', 'suggestions', 'rag', 'fallback', 'person']),
  reason: z.string(),
  score: z.number().nullable(),
  reply: z.string().nullable(),
  candidates: z.array(nearFaq.extend({ score: z.number(), signals: z.array(z.object({ name: z.string(), label: z.string(), value: z.number() })) })),
  strictness: z.enum(answerStrictnesses),
  used_encoder: z.boolean(),
  duration_ms: durationAnswer,
}).meta({ id: 'TryResult' }))

const replayOutcome = z.object({ decision: decisionAnswer, faq: z.object({ id: idAnswer.nullable(), question: z.string() }).nullable(), suggestions: z.array(z.string()) }).meta({ id: 'ReplayOutcome' })
export const replayAnswer = answerOf<ReplayPart>()(z.object({
  baseline: z.enum(['now', 'then']),
  done: countAnswer,
  limit: countAnswer,
  looked_at: countAnswer,
  answered_by_draft: countAnswer,
  changes: z.array(z.object({ message_id: idAnswer, conversation_id: idAnswer, question: z.string(), asked_at: momentAnswer, before: replayOutcome, after: replayOutcome })),
  next_cursor: z.string().nullable(),
}).meta({ id: 'ReplayPart' }))
export const similarAnswer = answerOf<SimilarResult>()(z.object({ items: z.array(nearFaq.extend({ score: z.number(), wording: z.string() })) }))
