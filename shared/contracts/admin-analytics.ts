import { z } from 'zod'
import { withoutEmpty } from './admin'

const isZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  }
  catch {
    return false
  }
}

/** Farther apart than this nobody reads a chart. */
export const ANALYTICS_MAX_DAYS = 3_660

/** Days, both included; of a moment it is the day in the zone asked for. */
const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'Send a day such as 2026-11-22.' })
  // A period before it is counted too, and a calendar begins with the year 1.
  .refine(text => text >= '1900' && text < '9999', 'Send a day of the years 1900 to 9998.')

export const analyticsQuery = withoutEmpty(z.object({
  from: day.optional(),
  to: day.optional(),
  /** The reader's own days; used up to ANALYTICS_LIVE_DAYS, beyond them days are UTC. */
  time_zone: z.string().max(60).refine(isZone, 'Send a time zone such as Europe/Athens.').default('UTC'),
}))

/** Up to so many days are counted as they are asked for; more come from the daily figures. */
export const ANALYTICS_LIVE_DAYS = 7

export interface AnalyticsFigures {
  /** That began in the period. */
  conversations: number
  messages: number
  questions: number
  /** The bot's replies by what made them; `suggestion`: it offered FAQs to choose from. */
  replies: { faq: number, suggestion: number, rag: number, fallback: number }
  ratings: { up: number, down: number }
  /** From question to reply, to within a tenth. null: no reply. */
  reply_ms: { p50: number, p95: number } | null
}

/** A piece of the chart: a day, or a week or month cut to the period. */
export interface AnalyticsStep extends Omit<AnalyticsFigures, 'reply_ms'> { from: string, to: string }

export interface FaqFigures { faq_id: string, question: string, answers: number, up: number, down: number }

export interface Analytics {
  from: string
  to: string
  time_zone: string
  /** The period of the same length right before. */
  previous: { from: string, to: string }
  totals: AnalyticsFigures
  previous_totals: AnalyticsFigures
  unit: 'day' | 'week' | 'month'
  steps: AnalyticsStep[]
  faqs_most_used: FaqFigures[]
  /** Those with the most thumbs down. */
  faqs_worst_rated: FaqFigures[]
  /** Groups of questions without an answer that wait for somebody, now. */
  unanswered_open: number
}
