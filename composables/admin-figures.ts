const whole = new Intl.NumberFormat('en-GB')
const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 })
const finePercent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 })
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const monthYear = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

export const showCount = (count: number): string => whole.format(count)

/** Of nothing there is no share. */
export const shareOf = (part: number, all: number): number | null => (all > 0 ? part / all : null)
export const showShare = (share: number | null): string => (share === null ? 'none' : share > 0 && share < 0.1 ? finePercent.format(share) : percent.format(share))

/** `7 ms`, `4.8 s`. */
export const showDuration = (ms: number): string => (ms < 1000 ? `${whole.format(ms)} ms` : `${(ms / 1000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} s`)

/** `up 12 %`, against what was before; null where that says nothing. */
export function showChange(now: number, before: number): string | null {
  if (before === 0) return null
  const change = now / before - 1
  return Math.abs(change) < 0.005 ? 'the same' : `${change > 0 ? 'up' : 'down'} ${percent.format(Math.abs(change))}`
}

/** `up 3 points`: of shares, whose own percentages would confuse. */
export function showPoints(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null
  const points = Math.round((now - before) * 100)
  return points === 0 ? 'the same' : `${points > 0 ? 'up' : 'down'} ${Math.abs(points) === 1 ? '1 point' : `${Math.abs(points)} points`}`
}

const moment = (day: string) => new Date(`${day}T00:00:00Z`)
export const showDay = (day: string): string => dayMonthYear.format(moment(day))

/** How a step of a chart is called. */
export function showStep({ from, to }: { from: string, to: string }, unit: 'day' | 'week' | 'month'): string {
  if (unit === 'month') return monthYear.format(moment(from))
  if (unit === 'week') return from === to ? showDay(from) : `${dayMonth.format(moment(from))} to ${showDay(to)}`
  return dayMonth.format(moment(from))
}

/** Today and `days - 1` days before it, in the reader's own calendar. */
export function lastDays(days: number, now = new Date()): { from: string, to: string } {
  const iso = (date: Date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
  return { from: iso(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1)), to: iso(now) }
}

/** The top of an axis: 1, 2 or 5 times a power of ten, at or above the highest value. */
export function niceTop(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(highest, 1)))
  return [1, 2, 5, 10].map(step => step * power).find(top => top >= highest)!
}
