import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks } from '#server/utils/mail-target'
import { offeredOidcName } from '#server/utils/oidc-redirects'
import type { SignInOptions } from '#shared/contracts/auth'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    handle: ({ event }): SignInOptions => {
      const name = offeredOidcName(event)
      return { password_reset: canSendLinks(event), oidc: name ? { name } : null }
    },
  }),
})
