const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

/** Days and times as the reader's language writes them. */
export function createDates(tag: string, today: string, yesterday: string) {
  // Our English is British.
  const language = tag === 'en' ? 'en-GB' : tag

  const timeFormat = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })
  const dayFormat = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' })
  const weekTimeFormat = new Intl.DateTimeFormat(language, { weekday: 'long', hour: '2-digit', minute: '2-digit' })
  const longDayFormat = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' })
  return {
    time: (iso: string) => timeFormat.format(new Date(iso)),
    day(iso: string, now = new Date()): string {
      const date = new Date(iso)
      // Rounded: a day has 23 or 25 hours where the clocks change.
      const daysAgo = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000)
      if (daysAgo === 0) return today
      if (daysAgo === 1) return yesterday
      return (date.getFullYear() === now.getFullYear() ? dayFormat : longDayFormat).format(date)
    },
    /** Within the next seven days. */
    weekTime: (iso: string) => weekTimeFormat.format(new Date(iso)),
    fullDay: (iso: string) => longDayFormat.format(new Date(iso)),
  }
}
