import { getRequestHeader } from 'h3'
import { AppError } from '#server/core/app-error'
import { signIn } from '#server/services/accounts/accounts'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume, giveBack } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { writeSessionCookie } from '#server/utils/session-cookie'
import { loginAnswer } from '#shared/contracts/answers/account'
import { loginSchema, type LoginResult } from '#shared/contracts/auth'

/*
 * Only failures count, except while they are being checked. The first limit stops guessing at one account from one
 * place without letting a stranger lock its owner out; the second guessing from many places; the third one place
 * trying many accounts.
 */
const perAccountAndAddress = { name: 'sign-in-account-address', points: 8, seconds: 15 * 60 }
const perAccount = { name: 'sign-in-account', points: 60, seconds: 60 * 60 }
const perAddress = { name: 'sign-in-address', points: 60, seconds: 15 * 60 }

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Signs in',
    answers: { 200: loginAnswer },
    errors: ['NOT_AUTHENTICATED', 'RATE_LIMITED'],
    body: loginSchema,
    handle: async ({ event, body }): Promise<LoginResult> => {
      const account = body.email.toLowerCase()
      const address = requestAddress(event)
      const limits = [[perAccountAndAddress, `${account}\n${address}`], [perAccount, account], [perAddress, address]] as const
      for (const [limit, key] of limits) await consume(limit, key)
      const signedIn = await signIn({ ...body, userAgent: getRequestHeader(event, 'user-agent') ?? null })
      if (!signedIn) throw new AppError('NOT_AUTHENTICATED', 'E-mail address and password do not match: check both and try again.')
      for (const [limit, key] of limits) await giveBack(limit, key)
      writeSessionCookie(event, signedIn.session.token, signedIn.session.expiresAt)
      return { token: 'cookie', user: signedIn.user }
    },
  }),
})
