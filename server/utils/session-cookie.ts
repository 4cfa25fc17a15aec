import { deleteCookie, getCookie, setCookie, type H3Event } from 'h3'
import { SESSION_DAYS } from '#server/services/accounts/sessions'
import { requestOrigin } from './request-address'

/** A length of time and not a date, which would be the browser's clock against ours. */
const MAX_AGE_SECONDS = SESSION_DAYS * 24 * 60 * 60

/** `__Host-`: only this very host, only over https, may set it. Browsers refuse the prefix on plain http. */
const nameFor = (secure: boolean) => secure ? '__Host-vb_session' : 'vb_session'

export function readSessionToken(event: H3Event): string | null {
  return getCookie(event, nameFor(requestOrigin(event).secure)) ?? null
}

/** nuxt-auth's "token": a constant, readable by scripts, that has the client ask for the session. nuxt.config.ts names it too. */
const MARKER = 'vb_signed_in'

/** The marker lives as long as the session does; the client itself only sets it at sign-in. */
export function writeSignedInMarker(event: H3Event): void {
  setCookie(event, MARKER, 'cookie', { sameSite: 'lax', path: '/', maxAge: MAX_AGE_SECONDS })
}

/**
 * A page request with a session but without the marker (lost when the session could not be read for a moment) would be
 * rendered as signed out. The marker is put back, into this request too.
 */
export function restoreSignedInMarker(event: H3Event): void {
  if (getCookie(event, MARKER)) return
  event.node.req.headers.cookie += `; ${MARKER}=cookie`
  writeSignedInMarker(event)
}

export function writeSessionCookie(event: H3Event, token: string): void {
  const { secure } = requestOrigin(event)
  setCookie(event, nameFor(secure), token, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: MAX_AGE_SECONDS })
}

export function clearSessionCookie(event: H3Event): void {
  const { secure } = requestOrigin(event)
  deleteCookie(event, nameFor(secure), { httpOnly: true, sameSite: 'lax', secure, path: '/' })
}

/** httpOnly and for this host alone, as the session's is. */
function ownCookie(event: H3Event, name: string) {
  const { secure } = requestOrigin(event)
  return { name: secure ? `__Host-${name}` : name, options: { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const }
}

/** A small cookie of ours beside the session's; null: the browser brings none. */
export function readOwnCookie(event: H3Event, name: string): string | null {
  return getCookie(event, ownCookie(event, name).name) ?? null
}

/** `maxAge` in seconds. */
export function writeOwnCookie(event: H3Event, name: string, value: string, maxAge: number): void {
  const cookie = ownCookie(event, name)
  setCookie(event, cookie.name, value, { ...cookie.options, maxAge })
}

export function clearOwnCookie(event: H3Event, name: string): void {
  const cookie = ownCookie(event, name)
  deleteCookie(event, cookie.name, cookie.options)
}
