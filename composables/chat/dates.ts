const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

const formats: Record<string, Intl.DateTimeFormat> = {}

/** Days and times as the reader's language writes them. Making a format takes a phone longer than drawing a message: each is made once, when first needed. */
export function createDates(tag: string, today: string, yesterday: string) {
  // Our English is British.
  const language = tag === 'en' ? 'en-GB' : tag

  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long' }
  const write = (name: string, options: Intl.DateTimeFormatOptions, at: Date) => (formats[language + name] ??= new Intl.DateTimeFormat(language, options)).format(at)
  const time = (iso: string) => write('time', { timeStyle: 'short' }, new Date(iso))
  const fullDay = (at: Date) => write('full', { ...date, year: 'numeric' }, at)
  return {
    time,
    day(iso: string, now = new Date()): string {
      const at = new Date(iso)
      // Rounded: a day has 23 or 25 hours where the clocks change.
      const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000)
      if (daysAgo === 0) return today
      if (daysAgo === 1) return yesterday
      return at.getFullYear() === now.getFullYear() ? write('day', { ...date, weekday: 'long' }, at) : fullDay(at)
    },
    /** Within the next seven days. */
    weekTime: (iso: string) => `${write('week', { weekday: 'long' }, new Date(iso))} ${time(iso)}`,
    fullDay: (iso: string) => fullDay(new Date(iso)),
  }
}
