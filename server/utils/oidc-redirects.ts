import { sendRedirect, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { oidcName } from '#server/services/accounts/oidc/oidc-client'
import { OidcRefusal } from '#server/services/accounts/oidc/link-identity'
import { siteAddress } from './mail-target'

/** Holds what a sign-in under way at the provider has to come back with. */
export const OIDC_COOKIE = 'vb_oidc'

/** Whether the sign-in page may offer the provider: its name; null: none, or nobody knows where it should lead back to. */
export const offeredOidcName = (event: H3Event): string | null => (siteAddress(event) ? oidcName() : null)

/** The address that is registered with the provider. Throws NOT_FOUND where no provider is set up, UNAVAILABLE without PUBLIC_URL. */
export function oidcCallback(event: H3Event): string {
  if (!oidcName()) throw new AppError('NOT_FOUND', 'This site has no other way to sign in: use your e-mail address and password.')
  const site = siteAddress(event)
  if (!site) throw new AppError('UNAVAILABLE', 'This way to sign in is not ready: use your e-mail address and password.', { cause: 'PUBLIC_URL is not set', retryAfter: 3600 })
  return `${site}/api/auth/oidc/callback`
}

/** Back to the sign-in page, which says in a sentence why; everything but an OidcRefusal is thrown on. */
export async function sendOidcRefusal(event: H3Event, error: unknown, redirect: string): Promise<void> {
  if (!(error instanceof OidcRefusal)) throw error
  const query = new URLSearchParams({ oidc: error.reason, ...(redirect ? { redirect } : {}) })
  await sendRedirect(event, `/sign-in?${query}`)
}
