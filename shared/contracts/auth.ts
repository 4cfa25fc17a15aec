import { z } from 'zod'
import { countCodePoints, typedText } from './text'

export type Role = 'customer' | 'admin'
export interface SessionUser { id: string, email: string, name: string, role: Role }

export const PASSWORD_MIN = 10
/** Beyond this a password only costs time to hash. */
export const PASSWORD_MAX = 200

const email = z.string({ error: 'Send your e-mail address.' }).trim().max(254, 'That e-mail address is too long.')
  .pipe(z.email({ error: 'Check the e-mail address: it should look like name@example.com.' }))

const newPassword = z.string({ error: 'Send a password.' })
  .refine(value => countCodePoints(value) >= PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters; three or four words make a good password.`)
  .refine(value => value.length <= PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`)

/** A password that is only compared: no rule but a bound, so that old passwords go on working when rules change. */
const givenPassword = z.string({ error: 'Send your password.' }).min(1, 'Send your password.').max(1000, 'That password is too long.')

export const registerSchema = z.object({ email, password: newPassword, name: typedText(100, 'name') }, { error: 'Send a JSON object with email, password and name.' })
export const loginSchema = z.object({ email: z.string({ error: 'Send your e-mail address.' }).trim().min(1, 'Send your e-mail address.').max(254, 'That e-mail address is too long.'), password: givenPassword }, { error: 'Send a JSON object with email and password.' })
export const changePasswordSchema = z.object({ current_password: givenPassword, new_password: newPassword }, { error: 'Send a JSON object with current_password and new_password.' })

export interface LoginResult { token: 'cookie', user: SessionUser }
export interface SessionResult { user: SessionUser | null }
