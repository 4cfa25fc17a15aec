import { z } from 'zod'
import type { Analytics, AnalyticsFigures, AnalyticsStep, FaqFigures } from '../admin-analytics'
import { groupStatuses, missKinds, type PreviewResult, type ResolveResult, type UnansweredDetail, type UnansweredGroup, type UnansweredPage, type WaitingCounts, type WouldAnswer } from '../unanswered'
import { answerOf, countAnswer, durationAnswer, idAnswer, momentAnswer, pageOf } from './answer'
import { adminFaqAnswer, decisionAnswer } from './faqs'

const groupFields = {
  id: idAnswer,
  question: z.string(),
  wordings: z.array(z.string()),
  status: z.enum(groupStatuses),
  count: countAnswer,
  kinds: z.object({ fallback: countAnswer, suggestion: countAnswer, thumbs_down: countAnswer }),
  earlier: countAnswer,
  first_seen_at: momentAnswer,
  last_seen_at: momentAnswer,
  resolution: z.enum(['new_faq', 'phrasing', 'dismiss']).nullable(),
  resolved_at: momentAnswer.nullable(),
  resolved_by: z.object({ id: idAnswer, name: z.string() }).nullable(),
  faq: z.object({ id: idAnswer, question: z.string() }).nullable(),
  now: decisionAnswer,
  closest: z.array(z.object({ faq_id: idAnswer, question: z.string(), score: z.number() })),
  version: z.int(),
}
export const unansweredGroupAnswer = answerOf<UnansweredGroup>()(z.object(groupFields).meta({ id: 'UnansweredGroup' }))
export const unansweredPageAnswer = answerOf<UnansweredPage>()(pageOf(unansweredGroupAnswer).extend({ open_count: countAnswer }))
export const unansweredDetailAnswer = answerOf<UnansweredDetail>()(z.object({
  ...groupFields,
  questions: z.array(z.object({
    message_id: idAnswer,
    conversation_id: idAnswer,
    text: z.string(),
    kind: z.enum(missKinds),
    asked_at: momentAnswer,
    settled_at: momentAnswer.nullable(),
    reply: z.string().nullable(),
  })),
}).meta({ id: 'UnansweredDetail' }))

const wouldAnswer = answerOf<WouldAnswer>()(z.object({ id: idAnswer, question: z.string(), count: countAnswer, decision: z.enum(['answer', 'suggest']), score: z.number() }).meta({ id: 'WouldAnswer' }))
export const resolveAnswer = answerOf<ResolveResult>()(z.object({ group: unansweredGroupAnswer, faq: adminFaqAnswer.nullable(), now_answers: z.array(wouldAnswer) }))
export const previewAnswer = answerOf<PreviewResult>()(z.object({ items: z.array(wouldAnswer), looked_at: countAnswer }))
export const waitingCountsAnswer = answerOf<WaitingCounts>()(z.object({ unanswered: countAnswer, persons: countAnswer }))

const stepFields = {
  conversations: countAnswer,
  messages: countAnswer,
  questions: countAnswer,
  replies: z.object({ faq: countAnswer, suggestion: countAnswer, rag: countAnswer, fallback: countAnswer }),
  ratings: z.object({ up: countAnswer, down: countAnswer }),
}
const figures = answerOf<AnalyticsFigures>()(z.object({ ...stepFields, reply_ms: z.object({ p50: durationAnswer, p95: durationAnswer }).nullable() }).meta({ id: 'AnalyticsFigures' }))
const step = answerOf<AnalyticsStep>()(z.object({ ...stepFields, from: z.iso.date(), to: z.iso.date() }))
const faqFigures = answerOf<FaqFigures>()(z.object({ faq_id: idAnswer, question: z.string(), answers: countAnswer, up: countAnswer, down: countAnswer }).meta({ id: 'FaqFigures' }))
export const analyticsAnswer = answerOf<Analytics>()(z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  time_zone: z.string(),
  previous: z.object({ from: z.iso.date(), to: z.iso.date() }),
  totals: figures,
  previous_totals: figures,
  unit: z.enum(['day', 'week', 'month']),
  steps: z.array(step),
  faqs_most_used: z.array(faqFigures),
  faqs_worst_rated: z.array(faqFigures),
  unanswered_open: countAnswer,
}).meta({ id: 'Analytics' }))
