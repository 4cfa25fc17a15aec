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

export const passwordResetSchema = z.object({ email }, { error: 'Send a JSON object with email.' })
/** Whatever does not look like one of our tokens is answered as one that is over. */
const linkToken = z.string({ error: 'Send the token of the link.' }).max(200, 'That is no token of ours: open the link again.')
export const confirmResetSchema = z.object({ token: linkToken, new_password: newPassword }, { error: 'Send a JSON object with token and new_password.' })
export const confirmEmailSchema = z.object({ token: linkToken }, { error: 'Send a JSON object with token.' })

/** Where to go after sign-in; what is no path of this site counts as none. */
export const oidcStartQuery = z.object({ redirect: z.unknown().optional() })

/** What the sign-in page has to offer beside the password. */
export interface SignInOptions {
  /** Whether a forgotten password can be replaced by e-mail. */
  password_reset: boolean
  /** The identity provider, by the name it is known by; null: there is none. */
  oidc: { name: string } | null
}

export interface LoginResult { token: 'cookie', user: SessionUser }
export interface SessionResult { user: SessionUser | null }
