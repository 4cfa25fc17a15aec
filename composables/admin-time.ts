const dayAndTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
const withZone = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })

/** `22 Nov 2026, 14:05`, in the reader's own zone. */
export const shortTime = (iso: string): string => dayAndTime.format(new Date(iso))

/** With seconds and the zone's name, for a title. */
export const fullTime = (iso: string): string => withZone.format(new Date(iso))

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [['minute', 60], ['hour', 3600], ['day', 86_400]]

/** `3 hours ago`; past a week the day itself. */
export function timeAgo(iso: string, now = Date.now()): string {
  const seconds = (now - Date.parse(iso)) / 1000
  if (seconds < 60) return 'just now'
  if (seconds > 7 * 86_400) return shortTime(iso)
  const [unit, length] = steps.findLast(([, length]) => seconds >= length)!
  return relative.format(-Math.floor(seconds / length), unit)
}
