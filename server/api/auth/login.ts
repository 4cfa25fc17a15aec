import { getRequestHeader } from 'h3'
import { AppError } from '#server/core/app-error'
import { signIn } from '#server/services/accounts/accounts'
import { beginSignInTry } from '#server/services/accounts/sign-in-delays'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { readDeviceCookie, writeDeviceCookie } from '#server/utils/device-cookie'
import { requestAddress } from '#server/utils/request-address'
import { writeSessionCookie } from '#server/utils/session-cookie'
import { loginAnswer } from '#shared/contracts/answers/account'
import { loginSchema, type LoginResult } from '#shared/contracts/auth'

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Signs in',
    answers: { 200: loginAnswer },
    errors: ['NOT_AUTHENTICATED', 'RATE_LIMITED'],
    body: loginSchema,
    handle: async ({ event, body }): Promise<LoginResult> => {
      const attempt = await beginSignInTry(body.email, requestAddress(event), readDeviceCookie(event))
      const signedIn = await signIn({ ...body, userAgent: getRequestHeader(event, 'user-agent') ?? null })
      if (!signedIn) throw new AppError('NOT_AUTHENTICATED', 'E-mail address and password do not match: check both and try again.')
      await attempt.succeeded()
      writeSessionCookie(event, signedIn.session.token)
      writeDeviceCookie(event, body.email)
      return { token: 'cookie', user: signedIn.user }
    },
  }),
})
