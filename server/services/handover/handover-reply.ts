import type { ConfigRow } from '#server/db/config'
import type { DraftReply } from '#server/services/answering/draft-reply'
import type { HandoverLanguage } from './asks-for-person'
import { isOfficeOpen, nextOpening } from './office-hours'

const texts = {
  en: {
    open: 'I have told our planners. One of them will answer you here; you can go on writing meanwhile.',
    closed: (when: string) => `Our planners are away just now and back ${when}. I have told them, and one of them will answer you here.`,
    email: (address: string) => ` If you would rather write to us, our address is [${address}](mailto:${address}).`,
    today: 'today', tomorrow: 'tomorrow', at: 'at',
  },
  el: {
    open: 'Ενημέρωσα τους συμβούλους μας. Κάποιος από αυτούς θα σας απαντήσει εδώ· στο μεταξύ μπορείτε να συνεχίσετε να γράφετε.',
    closed: (when: string) => `Οι σύμβουλοί μας λείπουν αυτή τη στιγμή και θα είναι ξανά κοντά σας ${when}. Τους ενημέρωσα και κάποιος από αυτούς θα σας απαντήσει εδώ.`,
    email: (address: string) => ` Αν προτιμάτε να μας γράψετε, η διεύθυνσή μας είναι [${address}](mailto:${address}).`,
    today: 'σήμερα', tomorrow: 'αύριο', at: 'στις',
  },
} as const

const greekDays = ['τη Δευτέρα', 'την Τρίτη', 'την Τετάρτη', 'την Πέμπτη', 'την Παρασκευή', 'το Σάββατο', 'την Κυριακή']
const englishDays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What the bot says when a person was asked for: that they know, and outside of office hours when they are back and where else to write. */
export function handoverReply({ officeHours, contactEmail }: Pick<ConfigRow, 'officeHours' | 'contactEmail'>, language: HandoverLanguage, now: Date): DraftReply {
  const words = texts[language]
  let text: string = words.open
  if (officeHours && !isOfficeOpen(officeHours, now)) {
    const { day, from, daysAhead } = nextOpening(officeHours, now)
    const onDay = language === 'el' ? greekDays[day - 1]! : `on ${englishDays[day - 1]!}`
    const when = daysAhead === 0 ? words.today : daysAhead === 1 ? words.tomorrow : onDay
    text = words.closed(`${when} ${words.at} ${from}`) + (contactEmail ? words.email(contactEmail) : '')
  }
  return { text, source: 'fallback', faqId: null, score: null, suggestions: [], citations: [], asksForPerson: true }
}
