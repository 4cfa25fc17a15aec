import { getCookie, setCookie, type H3Event } from 'h3'
import { env } from '#server/core/env'
import { requestContext } from '#server/core/request-context'
import { requestOrigin } from './request-address'

/** Twice what a replica may be behind (MAX_LAG_MS), so that the write has arrived when it is asked again. */
export const AFTER_WRITE_SECONDS = 10
const COOKIE = 'vb_wrote'

/**
 * An admin who has just changed something reads from the primary for a while. The browser carries it, so that it holds
 * whichever worker or machine answers next. Nothing happens where there is no replica.
 */
export function rememberOwnWrites(event: H3Event): void {
  if (!env().DATABASE_REPLICA_URL) return
  const context = requestContext()
  if (event.method !== 'GET' && event.method !== 'HEAD') {
    setCookie(event, COOKIE, '1', { httpOnly: true, sameSite: 'lax', secure: requestOrigin(event).secure, path: '/api/admin', maxAge: AFTER_WRITE_SECONDS })
    if (context) context.readsOwnWrites = true
  }
  else if (context && getCookie(event, COOKIE)) context.readsOwnWrites = true
}
