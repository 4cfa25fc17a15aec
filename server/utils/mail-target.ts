import { getRequestHeader, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { env, isLoopbackHost } from '#server/core/env'
import type { MailTarget } from '#server/services/accounts/account-links'
import { preferredLanguage } from '#shared/language'
import { requestOrigin } from './request-address'

/**
 * Where links in mails and other sites lead back to: PUBLIC_URL. What a request says of its host is never believed for that, or anybody could
 * have a link with somebody else's token sent to a host of their own; only on this very machine it does for trying out.
 * null: unknown.
 */
export function siteAddress(event: H3Event): string | null {
  const { PUBLIC_URL } = env()
  if (PUBLIC_URL) return new URL(PUBLIC_URL).origin
  const { host, secure } = requestOrigin(event)
  const address = `${secure ? 'https' : 'http'}://${host}`
  return URL.canParse(address) && isLoopbackHost(new URL(address).hostname) ? new URL(address).origin : null
}

export const requestLanguage = (event: H3Event) => preferredLanguage(getRequestHeader(event, 'accept-language'))

/** Whether links can be sent by e-mail at all. */
export function canSendLinks(event: H3Event): boolean {
  return Boolean(env().SMTP_URL) && siteAddress(event) !== null
}

/** Throws UNAVAILABLE, for everybody alike, where links cannot be sent. */
export function mailTarget(event: H3Event): MailTarget {
  const site = siteAddress(event)
  if (!env().SMTP_URL || !site) throw new AppError('UNAVAILABLE', 'This site cannot send e-mails: write to us instead and we will help you in.', { retryAfter: 3600 })
  return { site, language: requestLanguage(event) }
}
