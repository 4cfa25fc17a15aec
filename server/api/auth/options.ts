import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks } from '#server/utils/mail-target'
import { offeredOidcName } from '#server/utils/oidc-redirects'
import { signInOptionsAnswer } from '#shared/contracts/answers/account'
import type { SignInOptions } from '#shared/contracts/auth'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Which ways to sign in there are',
    answers: { 200: signInOptionsAnswer },
    handle: ({ event }): SignInOptions => {
      const name = offeredOidcName(event)
      return { password_reset: canSendLinks(event), oidc: name ? { name } : null }
    },
  }),
})
