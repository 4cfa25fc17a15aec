import { z } from 'zod'

/** One stretch of a week: `day` 1 is Monday, 7 Sunday; times of the office's own zone, `24:00` is the day's end. */
export interface OfficeStretch { day: number, from: string, to: string }
/** When a person answers. */
export interface OfficeHours { zone: string, week: OfficeStretch[] }

const clock = z.string({ error: 'Send a time such as 09:30.' }).regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Send a time such as 09:30.')

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  }
  catch {
    return false
  }
}

const stretch = z.object({
  day: z.number({ error: 'Send a day: 1 is Monday, 7 is Sunday.' }).int().min(1, 'Send a day: 1 is Monday.').max(7, 'Send a day: 7 is Sunday.'),
  from: clock,
  to: clock,
}).refine(({ from, to }) => from < to, { error: 'Let each time begin before it ends.', path: ['to'] })

const overlaps = (week: OfficeStretch[]) => week.some((one, index) => week.some((other, at) => at > index && one.day === other.day && one.from < other.to && other.from < one.to))

export const officeHoursSchema = z.object({
  zone: z.string({ error: 'Send a time zone such as Europe/Athens.' }).max(60).refine(isZone, 'Send a time zone such as Europe/Athens.'),
  week: z.array(stretch, { error: 'Send the hours as a list.' }).min(1, 'Give at least one day hours, or send null for none.').max(28, 'Keep to 28 stretches a week.')
    .refine(week => !overlaps(week), 'Two stretches of one day overlap.'),
}, { error: 'Send { "zone": "Europe/Athens", "week": [{ "day": 1, "from": "09:00", "to": "17:00" }] }, or null.' })
