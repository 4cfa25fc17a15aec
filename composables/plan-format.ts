// One day spelled in full, without a weekday: Node's and the browser's ICU agree on it, so hydration does too.
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const euroFormat = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })

/** `2027-06-19` as "19 June 2027". */
export const formatDay = (day: string) => dayFormat.format(new Date(`${day}T00:00:00Z`))

export const formatEuros = (euros: number) => euroFormat.format(euros)

/** Today's date where this code runs, as ISO date. */
export function localToday(now = new Date()): string {
  const two = (count: number) => String(count).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
