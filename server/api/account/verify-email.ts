import { setResponseStatus } from 'h3'
import { sendVerification } from '#server/services/accounts/account-links'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { mailTarget } from '#server/utils/mail-target'
import { consume } from '#server/utils/rate-limit'
import { acceptedAnswer } from '#shared/contracts/answers/account'

const perUser = { name: 'verify-email-mails', points: 5, seconds: 60 * 60, exact: true }

export default defineApiRoute({
  // Sends the link to the account's own address.
  POST: apiMethod({
    access: 'customer',
    summary: 'Sends a link that confirms the e-mail address',
    answers: { 202: acceptedAnswer },
    errors: ['RATE_LIMITED', 'CONFLICT'],
    handle: async ({ event, user }) => {
      const target = mailTarget(event)
      await consume(perUser, user.id)
      await sendVerification(user.id, target)
      setResponseStatus(event, 202)
      return { status: 'accepted' }
    },
  }),
})
