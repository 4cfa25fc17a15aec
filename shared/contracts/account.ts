import { z } from 'zod'
import { typedText, uuidSchema } from './text'

export const sessionParams = z.object({ id: uuidSchema })

export const changeProfileSchema = z.object({ name: typedText(100, 'name') }, { error: 'Send a JSON object with name.' })
export type ChangeProfile = z.output<typeof changeProfileSchema>

/** Who somebody is to us and how they get in. */
export interface AccountProfile {
  name: string
  email: string
  /** Whether a link by e-mail or an identity provider has proven that the address is theirs. */
  email_verified: boolean
  /** Whether this site can send links by e-mail. */
  can_send_links: boolean
  /** false: they sign in through an identity provider only. */
  has_password: boolean
  /** The provider they may sign in through as well, by name; null: none is linked. */
  oidc: { name: string } | null
}

/** One place where somebody is signed in. */
export interface AccountSession {
  id: string
  /** As far as the browser said; null: it did not, or we do not know it. */
  device: { browser: string | null, system: string | null, kind: 'phone' | 'tablet' | 'computer' | 'unknown' }
  signed_in_at: string
  /** To within an hour: a session is not written for every request. */
  last_seen_at: string
  expires_at: string
  /** The one that asks. */
  current: boolean
}

export interface AccountSessions { items: AccountSession[] }
/** How many were ended, the one that asked among them. */
export interface SessionsEnded { ended: number }

export const exportFormats = ['json', 'zip'] as const
export type ExportFormat = typeof exportFormats[number]
export const exportAccountQuery = z.object({ format: z.enum(exportFormats, { error: 'Send json or zip.' }).default('zip') })

/** `current_password` is needed where the account has one. */
export const deleteAccountSchema = z.object({
  current_password: z.string({ error: 'Send your password.' }).max(1000, 'That password is too long.').optional(),
}, { error: 'Send a JSON object with current_password.' })
