/* Days as ISO text (2026-11-22), without a zone: arithmetic on the calendar alone. */
const DAY_MS = 86_400_000

export const addDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** Both included. */
export const countDaysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1

/** The day it is there at that moment. */
export const dayIn = (zone: string, moment: Date): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(moment)

export type Unit = 'day' | 'week' | 'month'

/** What a chart of so many days is drawn in: some sixty bars at most. */
export const unitFor = (days: number): Unit => (days <= 62 ? 'day' : days <= 420 ? 'week' : 'month')

/** The last day of the step that `day` is in; weeks end on Sunday. */
function endOfStep(day: string, unit: Unit): string {
  if (unit === 'day') return day
  const date = new Date(`${day}T00:00:00Z`)
  if (unit === 'week') return addDays(day, (7 - date.getUTCDay()) % 7)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}

/** The period in steps; the first and the last may be cut short. */
export function stepsOf(from: string, to: string, unit: Unit): { from: string, to: string }[] {
  const steps = []
  for (let start = from; start <= to;) {
    const end = endOfStep(start, unit)
    steps.push({ from: start, to: end < to ? end : to })
    start = addDays(end, 1)
  }
  return steps
}

/** Neighbouring days as ranges. */
export function rangesOf(days: string[]): { from: string, to: string }[] {
  const ranges: { from: string, to: string }[] = []
  for (const day of [...new Set(days)].sort()) {
    const last = ranges.at(-1)
    if (last && addDays(last.to, 1) === day) last.to = day
    else ranges.push({ from: day, to: day })
  }
  return ranges
}
