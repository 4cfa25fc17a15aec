import { getRequestHeader, getRequestURL, sendRedirect } from 'h3'
import { finishOidcSignIn, wantedAfterOidc } from '#server/services/accounts/oidc/oidc-sign-in'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { OIDC_COOKIE, oidcCallback, sendOidcRefusal } from '#server/utils/oidc-redirects'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { clearOwnCookie, readOwnCookie, writeSessionCookie, writeSignedInMarker } from '#server/utils/session-cookie'

const perAddress = { name: 'oidc-callback-address', points: 30, seconds: 10 * 60, exact: true }

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Where the identity provider leads back to',
    answers: { 302: { 'text/html': null } },
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
    handle: async ({ event }) => {
      await consume(perAddress, requestAddress(event))
      const sealed = readOwnCookie(event, OIDC_COOKIE)
      const redirect = wantedAfterOidc(sealed)
      // Good for one answer.
      clearOwnCookie(event, OIDC_COOKIE)
      try {
        const currentUrl = new URL(oidcCallback(event) + getRequestURL(event).search)
        const { user, session } = await finishOidcSignIn(currentUrl, sealed, getRequestHeader(event, 'user-agent') ?? null)
        writeSessionCookie(event, session.token)
        writeSignedInMarker(event)
        await sendRedirect(event, redirect || (user.role === 'admin' ? '/admin' : '/my-plan'))
      }
      catch (error) {
        await sendOidcRefusal(event, error, redirect)
      }
    },
  }),
})
