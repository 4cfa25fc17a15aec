import { fold } from '#server/services/answering/faq-matcher/text/normalise'

export type HandoverLanguage = 'en' | 'el'

const who = '(?:a |an |the |some |one of your |your |any )?(?:real |actual |live |human )*(?:human(?: being)?s?|persons?|people|somebody|someone|agent|advis[eo]r|operator|representatives?|rep|planners?|employee|colleagues?|team member|member of (?:the |your )?(?:team|staff)|support team|staff)'
const english = [
  // "Can I talk to a person", "I would like to speak with one of your planners", "let me chat to someone".
  new RegExp(`\\b(?:i|we|me|us|please|just)\\b[^.!?]{0,40}\\b(?:talk|speak|chat|write) (?:to|with) ${who}\\b`),
  new RegExp(`^\\W*(?:talk|speak|chat) (?:to|with) ${who}\\b`),
  new RegExp(`\\b(?:connect|transfer|pass|hand) me (?:over )?(?:to|with) ${who}\\b`),
  new RegExp(`\\bput me through to ${who}\\b`),
  new RegExp(`\\b(?:get|give) me ${who}\\b`),
  new RegExp(`\\b(?:i|we) (?:want|need|would like|d like|'d like) (?:to have )?(?:a |an )?(?:real |actual |live )*(?:human|person|agent|operator|representative)\\b(?! (?:to|for|who|that))`),
  /^\W*(?:a )?(?:real |live )?(?:human|person|agent|operator|representative)(?: please| pls)?\W*$/,
]
// Folded: without accents, a final sigma is a sigma like others.
const greekWho = '(?:εναν |ενα |μια |καποιον |καποια |τον |την |τουσ |εναν απο τουσ )?(?:αληθινο |πραγματικο )?(?:ανθρωπο|ατομο|καποιον|καποια|καποιο|συμβουλο|συμβουλουσ|υπαλληλο|εκπροσωπο|υπευθυνο|συνεργατη|wedding planner|planner|ομαδα)'
const greek = [
  new RegExp(`(?:μιλησω|μιλησουμε|συνομιλησω|επικοινωνησω|επικοινωνησουμε) (?:με |μαζι με )${greekWho}`),
  new RegExp(`συνδεστε (?:με|μασ) με ${greekWho}`),
  new RegExp(`^\\P{L}*(?:θελω |θα ηθελα |εναν )?(?:αληθινο |πραγματικο )?(?:ανθρωπο|συμβουλο|εκπροσωπο)(?: παρακαλω)?\\P{L}*$`, 'u'),
  /\b(?:miliso|milhsw|milisw|milhso|milisoume|milisume) (?:me|mazi me) (?:enan |ena |kapoion |kapoio )?(?:alithino |pragmatiko )?(?:anthropo|anthrwpo|kapoion|kapoio|kapion|simvoulo|symvoulo|ypallilo|ipallilo|atomo)/,
]
/** "How can I talk to a person?" wants to know the way, and a FAQ may tell it. */
const asksHow = /^\W*(?:how|where|when|which|what|why|πωσ|που|ποτε|pos|pws)\b|^\P{L}*(?:πωσ|που|ποτε) /u

/** Whether these words ask for a person now, and in which language; null: they do not. */
export function asksForPerson(text: string): HandoverLanguage | null {
  const folded = fold(text).replace(/\s+/g, ' ')
  if (folded.length > 300 || asksHow.test(folded)) return null
  if (greek.some(pattern => pattern.test(folded))) return 'el'
  return english.some(pattern => pattern.test(folded)) ? 'en' : null
}
