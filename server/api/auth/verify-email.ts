import { confirmEmail } from '#server/services/accounts/account-links'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { doneAnswer } from '#shared/contracts/answers/answer'
import { confirmEmailSchema } from '#shared/contracts/auth'

const perAddress = { name: 'verify-email-address', points: 30, seconds: 60 * 60, exact: true }

export default defineApiRoute({
  POST: apiMethod({
    // A link in a mail is often opened on another device than the one that is signed in.
    access: 'public',
    summary: 'Confirms an e-mail address with the link of the e-mail',
    answers: { 200: doneAnswer },
    errors: ['RATE_LIMITED'],
    body: confirmEmailSchema,
    handle: async ({ event, body }) => {
      await consume(perAddress, requestAddress(event))
      await confirmEmail(body.token)
      return { success: true }
    },
  }),
})
