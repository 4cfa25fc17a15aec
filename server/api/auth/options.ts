import { oidcName } from '#server/services/accounts/oidc/oidc-client'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks } from '#server/utils/mail-target'
import type { SignInOptions } from '#shared/contracts/auth'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    handle: ({ event }): SignInOptions => {
      const name = oidcName()
      return { password_reset: canSendLinks(event), oidc: name ? { name } : null }
    },
  }),
})
