/** How long before the wedding a task should be done; negative is after it. */
export type TaskLead = { months: number } | { days: number }

export interface WeddingTask {
  /** Stored with the customer's ticks: never rename one. */
  key: string
  title: string
  before: TaskLead
}

export interface TaskGroup { key: string, title: string, tasks: WeddingTask[] }

const months = (key: string, count: number, title: string): WeddingTask => ({ key, title, before: { months: count } })
const days = (key: string, count: number, title: string): WeddingTask => ({ key, title, before: { days: count } })

/** What a wedding in Greece needs, in the order in which it falls due. */
export const weddingTaskGroups: readonly TaskGroup[] = [
  { key: 'year', title: 'A year before', tasks: [
    months('set-budget', 12, 'Agree on a budget and what matters most'),
    months('guest-list', 12, 'Write a first guest list'),
    months('choose-venue', 11, 'Choose the location and hold the date'),
    months('photographer', 10, 'Book the photographer'),
  ] },
  { key: 'nine', title: 'Nine to seven months before', tasks: [
    months('save-the-date', 9, 'Send the save-the-dates'),
    months('hold-rooms', 9, 'Hold rooms for your guests'),
    months('music', 8, 'Choose the music for the ceremony and the party'),
    months('attire', 8, 'Order the dress and the suit'),
    months('ceremony', 7, 'Decide on a civil, Orthodox or symbolic ceremony'),
  ] },
  { key: 'six', title: 'Six to four months before', tasks: [
    months('papers', 6, 'Ask your town hall for the certificates'),
    months('flights', 6, 'Book your own flights'),
    months('flowers', 5, 'Settle flowers, linen and light'),
    months('tasting', 4, 'Taste the menu and choose the wines'),
    months('transport', 4, 'Plan boats, buses and airport cars'),
  ] },
  { key: 'three', title: 'Three and two months before', tasks: [
    months('invitations', 3, 'Send the invitations'),
    months('rings', 3, 'Order the rings'),
    months('translations', 3, 'Have the papers translated and apostilled'),
    months('hair-make-up', 2, 'Try hair and make-up'),
    months('vows', 2, 'Begin writing the vows'),
  ] },
  { key: 'last', title: 'The last weeks', tasks: [
    days('replies', 42, 'Collect the replies and chase the last ones'),
    days('diets', 21, 'Send us allergies and diets'),
    days('seating', 14, 'Finish the seating plan'),
    days('timeline', 10, 'Read the timeline of the day with us'),
    days('pack', 5, 'Pack the rings, the papers and comfortable shoes'),
    days('rehearse', 1, 'Walk through the ceremony on site'),
  ] },
  { key: 'after', title: 'Afterwards', tasks: [
    days('register-marriage', -14, 'Register the marriage at home'),
    days('thank-you', -30, 'Send the thank-you notes'),
  ] },
]

export const weddingTasks: readonly WeddingTask[] = weddingTaskGroups.flatMap(group => group.tasks)

const DAY_MS = 24 * 60 * 60 * 1000

/** Milliseconds of an ISO date's midnight in UTC; NaN for anything else. */
function utc(day: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
}

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/**
 * The ISO date by which a task should be done. A month back from a day that the target month does not have is that
 * month's last day (31 May less three months is 28 or 29 February).
 */
export function dueDate(weddingDate: string, task: WeddingTask): string {
  const wedding = utc(weddingDate)
  if (Number.isNaN(wedding)) throw new RangeError(`Not an ISO date: ${weddingDate}`)
  if ('days' in task.before) return isoDay(wedding - task.before.days * DAY_MS)
  const date = new Date(wedding)
  const monthIndex = date.getUTCFullYear() * 12 + date.getUTCMonth() - task.before.months
  const [year, month] = [Math.floor(monthIndex / 12), monthIndex % 12]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return isoDay(Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)))
}

/** Whole days from one ISO date to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS)
}
