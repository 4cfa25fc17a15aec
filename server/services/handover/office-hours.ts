import type { OfficeHours } from '#shared/contracts/office-hours'

/** A moment of the week: day 1 is Monday; minutes since midnight of the office's own zone. */
interface WeekTime { day: number, minute: number }

const DAY = 24 * 60
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const minuteOfWeek = ({ day, minute }: WeekTime) => (day - 1) * DAY + minute

function weekTimeOf(now: Date, zone: string): WeekTime {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now)
  const part = (type: string) => parts.find(found => found.type === type)!.value
  return { day: days.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

/** Whether a person answers now; null hours promise nothing and refuse nothing: always. */
export function isOfficeOpen(hours: OfficeHours | null, now: Date): boolean {
  if (!hours) return true
  const { day, minute } = weekTimeOf(now, hours.zone)
  return hours.week.some(stretch => stretch.day === day && minuteOf(stretch.from) <= minute && minute < minuteOf(stretch.to))
}

/** The next stretch to begin, for when the office is closed; `daysAhead` 0 is later today. */
export function nextOpening({ week, zone }: OfficeHours, now: Date): { day: number, from: string, daysAhead: number } {
  const at = weekTimeOf(now, zone)
  const wait = (stretch: { day: number, from: string }) => (minuteOfWeek({ day: stretch.day, minute: minuteOf(stretch.from) }) - minuteOfWeek(at) + 7 * DAY) % (7 * DAY)
  const next = week.reduce((best, stretch) => (wait(stretch) < wait(best) ? stretch : best))
  return { day: next.day, from: next.from, daysAhead: Math.floor((at.minute + wait(next)) / DAY) }
}

/** When a person answers again; null while one does, and where no hours are set. */
export function awayUntil(hours: OfficeHours | null, now: Date): Date | null {
  if (!hours || isOfficeOpen(hours, now)) return null
  const { from, daysAhead } = nextOpening(hours, now)
  const wait = daysAhead * DAY + minuteOf(from) - weekTimeOf(now, hours.zone).minute
  const guess = new Date((Math.floor(now.getTime() / 60_000) + wait) * 60_000)
  // Where the clocks change in between, the guess is an hour early or late.
  const off = minuteOf(from) - weekTimeOf(guess, hours.zone).minute
  return new Date(guess.getTime() + (Math.abs(off) > DAY / 2 ? off - Math.sign(off) * DAY : off) * 60_000)
}
