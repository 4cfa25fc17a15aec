import { z } from 'zod'

/** Control characters that no message needs and terminals, logs and PostgreSQL (NUL) stumble over. Newline and tab stay. */
// eslint-disable-next-line no-control-regex
const forbiddenControl = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/
/** A surrogate without its partner: not a character, cannot be stored as UTF-8. */
const loneSurrogate = /\p{Surrogate}/u

/** Control characters, newline and tab too, and half characters: for what is written in one line. */
export const unfitForLine = /[\p{Cc}\p{Surrogate}]/gu

/** Length in Unicode code points, as people and the contract count, not in UTF-16 units. */
export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** Text that a person typed: trimmed, line ends made `\n`, 1 to `max` code points, no control characters. */
export function typedText(max: number, name = 'text', min = 1) {
  return z.string({ error: `Send ${name} as a string.` })
    // A UTF-16 string this long is too long by any count; counting on would only cost time.
    .max(max * 2 + 4096, `Keep ${name} to ${max.toLocaleString('en')} characters.`)
    .transform(value => value.replace(/\r\n?/g, '\n').trim())
    .superRefine((value, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message })
      if (forbiddenControl.test(value)) refuse(`Remove the control characters from ${name}.`)
      else if (loneSurrogate.test(value)) refuse(`Remove the broken character (half of a surrogate pair) from ${name}.`)
      else if (countCodePoints(value) < min) refuse(min === 1 ? `Write something in ${name}.` : `Give ${name} at least ${min} characters.`)
      else if (countCodePoints(value) > max) refuse(`Keep ${name} to ${max.toLocaleString('en')} characters.`)
    })
    // For the API's document, which counts as people do.
    .meta({ minLength: min, maxLength: max })
}

/** Words to look for, trimmed, up to `max` UTF-16 units; without NUL, which PostgreSQL refuses. */
export const searchText = (max: number) => z.string().trim().max(max).refine(value => !value.includes('\0'), 'Remove the control characters.')

export const uuidSchema = z.uuid({ error: 'Send a UUID.' }).transform(value => value.toLowerCase())

/** `?limit=`: a whole number from 1 to 100. */
export const limitSchema = (fallback: number) => z.coerce.number({ error: 'Send a whole number.' })
  .int('Send a whole number.').min(1, 'Ask for at least 1.').max(100, 'Ask for at most 100.').default(fallback)

/** Of a thing that can be edited, as the caller saw it; no larger than the database counts. */
export const versionSchema = z.number({ error: 'Send the version you saw.' }).int('Send the version you saw.').min(0, 'Send the version you saw.').max(2_147_483_647, 'Send the version you saw.')
