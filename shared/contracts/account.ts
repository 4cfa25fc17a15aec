import { z } from 'zod'
import { uuidSchema } from './text'

export const sessionParams = z.object({ id: uuidSchema })

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
