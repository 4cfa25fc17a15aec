import { sendRedirect } from 'h3'
import { beginOidcSignIn, OIDC_MINUTES } from '#server/services/accounts/oidc/oidc-sign-in'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { OIDC_COOKIE, oidcCallback, sendOidcRefusal } from '#server/utils/oidc-redirects'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { writeOwnCookie } from '#server/utils/session-cookie'
import { oidcStartQuery } from '#shared/contracts/auth'
import { safeRedirect } from '#shared/safe-redirect'

const perAddress = { name: 'oidc-start-address', points: 30, seconds: 10 * 60, exact: true }

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Leads to the identity provider',
    answers: { 302: { 'text/html': null } },
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
    query: oidcStartQuery,
    handle: async ({ event, query }) => {
      await consume(perAddress, requestAddress(event))
      const redirect = safeRedirect(query.redirect, '')
      try {
        const { location, sealed } = await beginOidcSignIn(oidcCallback(event), redirect)
        writeOwnCookie(event, OIDC_COOKIE, sealed, OIDC_MINUTES * 60)
        await sendRedirect(event, location)
      }
      catch (error) {
        await sendOidcRefusal(event, error, redirect)
      }
    },
  }),
})
