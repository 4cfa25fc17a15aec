import { AppError } from '#server/core/app-error'
import { listDayFigures, listRankedFaqs, readCountedDays, readReplyTimes, type CountedPeriod, type DayFigures, type RankedFaq } from '#server/db/analytics'
import { onReplica } from '#server/db/replica'
import { countOpenGroups } from '#server/db/unanswered'
import { ANALYTICS_LIVE_DAYS, ANALYTICS_MAX_DAYS, type Analytics, type AnalyticsFigures, type FaqFigures } from '#shared/contracts/admin-analytics'
import { addDays, countDaysBetween, dayIn, rangesOf, stepsOf, unitFor } from './days'

const DEFAULT_DAYS = 30
const FAQS = 8

export interface AnalyticsRequest { from?: string, to?: string, time_zone: string }

/**
 * What the bot did in a period (the last 30 days, where none is named) and in the one before. A short one is counted in
 * the reader's own days, a long one comes from the daily figures, whose days are UTC. Throws VALIDATION_ERROR.
 */
export const reportAnalytics = (request: AnalyticsRequest, now = new Date()): Promise<Analytics> => onReplica(() => countPeriod(request, now))

async function countPeriod(request: AnalyticsRequest, now: Date): Promise<Analytics> {
  const { from, to } = periodOf(request, now)
  const days = countDaysBetween(from, to)
  const previous = { from: addDays(from, -days), to: addDays(from, -1) }
  const counted = await readCountedDays(previous.from, to)
  // What the retention has deleted is in the daily figures only.
  const isLive = days <= ANALYTICS_LIVE_DAYS && !(counted.frozenBefore && previous.from < counted.frozenBefore)
  const zone = isLive ? request.time_zone : 'UTC'
  const both = isLive ? { from: previous.from, to, live: [{ from: previous.from, to, zone }] } : keptPeriod(previous.from, to, counted)
  const current = { from, to, live: both.live.filter(range => range.to >= from).map(range => ({ ...range, from: range.from < from ? from : range.from })) }
  const [figures, times, faqs, unanswered] = await Promise.all([listDayFigures(both), readReplyTimes(both, from), listRankedFaqs(current, FAQS), countOpenGroups()])
  const timesOf = (isCurrent: boolean) => {
    const found = times.find(row => row.current === isCurrent)
    return found ? { p50: found.p50, p95: found.p95 } : null
  }
  const sumOf = (range: { from: string, to: string }) => sum(figures.filter(({ day }) => day >= range.from && day <= range.to))
  const unit = unitFor(days)
  return {
    from,
    to,
    time_zone: zone,
    previous,
    totals: { ...sumOf({ from, to }), reply_ms: timesOf(true) },
    previous_totals: { ...sumOf(previous), reply_ms: timesOf(false) },
    unit,
    steps: stepsOf(from, to, unit).map(step => ({ ...step, ...sumOf(step) })),
    faqs_most_used: faqs.filter(faq => faq.usedRank <= FAQS && faq.answers > 0).sort((a, b) => a.usedRank - b.usedRank).map(faqFigures),
    faqs_worst_rated: faqs.filter(faq => faq.worstRank <= FAQS && faq.down > 0).sort((a, b) => a.worstRank - b.worstRank).map(faqFigures),
    unanswered_open: unanswered,
  }
}

function periodOf({ from, to, time_zone: zone }: AnalyticsRequest, now: Date): { from: string, to: string } {
  const dayOf = (text: string) => (text.length === 10 ? text : dayIn(zone, new Date(text)))
  const last = to ? dayOf(to) : dayIn(zone, now)
  const first = from ? dayOf(from) : addDays(last, 1 - DEFAULT_DAYS)
  const refuse = (message: string) => new AppError('VALIDATION_ERROR', message, { details: [{ path: 'from', message }] })
  if (first > last) throw refuse('The period has to begin before it ends.')
  if (first < '2000-01-01' || last > '2200-01-01' || countDaysBetween(first, last) > ANALYTICS_MAX_DAYS) throw refuse(`Ask for ${ANALYTICS_MAX_DAYS.toLocaleString('en')} days at most.`)
  return { from: first, to: last }
}

/** Which days have their figures, and which are to be counted: the stale ones, and all since the figures were last kept. */
function keptPeriod(from: string, to: string, { until, stale }: Awaited<ReturnType<typeof readCountedDays>>): CountedPeriod {
  if (!until || until <= from) return { from, to, live: [{ from, to, zone: 'UTC' }] }
  const uncounted = stale.filter(day => day < until)
  const live = rangesOf(uncounted)
  if (until <= to) live.push({ from: until, to })
  return { from, to, live: live.map(range => ({ ...range, zone: 'UTC' })) }
}

const figureNames = ['conversations', 'messages', 'questions', 'faq', 'suggestion', 'rag', 'fallback', 'up', 'down'] as const

function sum(days: DayFigures[]): Omit<AnalyticsFigures, 'reply_ms'> {
  const total = Object.fromEntries(figureNames.map(name => [name, days.reduce((so, day) => so + day[name], 0)])) as Record<typeof figureNames[number], number>
  const { conversations, messages, questions, faq, suggestion, rag, fallback, up, down } = total
  return { conversations, messages, questions, replies: { faq, suggestion, rag, fallback }, ratings: { up, down } }
}

const faqFigures = ({ faqId, question, answers, up, down }: RankedFaq): FaqFigures => ({ faq_id: faqId, question, answers, up, down })
