import { setResponseStatus } from 'h3'
import { greetWithVerification } from '#server/services/accounts/account-links'
import { register } from '#server/services/accounts/accounts'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks, mailTarget } from '#server/utils/mail-target'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { registeredAnswer } from '#shared/contracts/answers/account'
import { registerSchema } from '#shared/contracts/auth'

const perAddress = { name: 'register-address', points: 20, seconds: 60 * 60, exact: true }

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Makes a customer account',
    answers: { 201: registeredAnswer },
    errors: ['CONFLICT', 'RATE_LIMITED'],
    body: registerSchema,
    handle: async ({ event, body }) => {
      await consume(perAddress, requestAddress(event))
      const user = await register(body)
      if (canSendLinks(event)) greetWithVerification(user.id, mailTarget(event))
      setResponseStatus(event, 201)
      return { user }
    },
  }),
})
