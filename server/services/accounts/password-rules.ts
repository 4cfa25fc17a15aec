import { env } from '#server/core/env'

/*
 * No rule about symbols or capitals: people answer those with `Password1!`. What is refused is what is guessed first:
 * the 49,000 most used passwords, also dressed up, and what stands in the account or on the site itself.
 */

/** Which rule a password breaks; the contract gives it as `reason`. */
export type PasswordReason = 'common' | 'personal' | 'site' | 'repeated' | 'sequence' | 'unchanged'

const SENTENCES: Record<PasswordReason, string> = {
  common: 'Choose another password: this one is among those that are guessed first.',
  personal: 'Choose a password that is not made of your e-mail address or your name.',
  site: 'Choose a password that is not made of this site’s name.',
  repeated: 'Choose a password that does not repeat the same few characters.',
  sequence: 'Choose a password that is not a run of the keyboard or the alphabet.',
  unchanged: 'Choose a password that differs from the current one.',
}

export const passwordSentence = (reason: PasswordReason): string => SENTENCES[reason]

/** The product's own words; the public address of the site is added. */
const SITE_WORDS = ['vasilias', 'vasiliasbot', 'vasiliasweddings', 'vplanner', 'weddingplanner', 'weddingplanning']
/** Read forwards and backwards. */
const RUNS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik', 'αβγδεζηθικλμνξοπρστυφχψω']
  .flatMap(run => [run, [...run].reverse().join('')])
/** What people put around a word so that it counts as new: up to this many digits and signs on either side. */
const DRESSING = 6
const SUBSTITUTES: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i' }

let common: Promise<Set<string>> | undefined

/** Read when the first password is chosen: unpacking it at start would cost every start 60 ms and 7 MB. */
const commonPasswords = () => common ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary['passwords-common'] as string[]))

/** Which rule the password breaks; null: none. Its length is the contract's schema's to check. */
export async function brokenPasswordRule(password: string, account: { email: string, name?: string }): Promise<PasswordReason | null> {
  const whole = password.normalize('NFKC').toLowerCase()
  const bare = undress(whole)
  const forms = new Set([whole, bare, substituted(whole), substituted(bare), undress(substituted(whole))].map(form => form.replace(/[\s._-]+/g, '')))
  const some = (test: (form: string) => boolean) => [...forms].some(test)
  if (new Set(whole).size < 4 || some(isRepetition)) return 'repeated'
  if (personalWords(account).some(word => some(form => form === word)) || whole === account.email.toLowerCase()) return 'personal'
  if (siteWords().some(word => some(form => form === word))) return 'site'
  if (some(form => RUNS.some(run => form.length >= 4 && run.includes(form)))) return 'sequence'
  const known = await commonPasswords()
  return known.has(whole) || some(form => known.has(form)) ? 'common' : null
}

/** The word without the digits and signs around it, where those are few enough to be mere dressing. */
function undress(word: string): string {
  const [, before = '', core = '', after = ''] = /^([^\p{L}]*)(.*?)([^\p{L}]*)$/su.exec(word) ?? []
  return core.length >= 3 && before.length <= DRESSING && after.length <= DRESSING ? core : word
}

const substituted = (word: string) => word.replace(/[013457@$!]/g, sign => SUBSTITUTES[sign]!)

/** `abcabcabcabc`, `passwordpassword`: a beginning of up to half its length, again and again. */
function isRepetition(word: string): boolean {
  if (word.length < 6) return false
  const period = (word + word).indexOf(word, 1)
  // A phrase of twelve characters said twice is long enough by itself.
  return period < word.length && period < 12
}

function personalWords({ email, name = '' }: { email: string, name?: string }): string[] {
  const [local = '', domain = ''] = email.normalize('NFKC').toLowerCase().split('@')
  const names = name.normalize('NFKC').toLowerCase().split(/\s+/)
  return [local, local + domain, local + (domain.split('.')[0] ?? ''), names.join(''), [...names].reverse().join(''), ...names, ...local.split(/[._+-]+/)]
    .map(word => word.replace(/[\s._-]+/g, '')).flatMap(word => [word, undress(word)]).filter(word => word.length >= 3)
}

function siteWords(): string[] {
  const { PUBLIC_URL } = env()
  const host = PUBLIC_URL ? new URL(PUBLIC_URL).hostname.replace(/^www\./, '') : ''
  return [...SITE_WORDS, ...[host, host.split('.')[0]!].map(word => word.replace(/[._-]+/g, '')).filter(word => word.length >= 4)]
}
