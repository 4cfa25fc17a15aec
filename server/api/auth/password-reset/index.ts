import { setResponseStatus } from 'h3'
import { AppError } from '#server/core/app-error'
import { requestPasswordReset } from '#server/services/accounts/account-links'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { mailTarget } from '#server/utils/mail-target'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { acceptedAnswer } from '#shared/contracts/answers/account'
import { passwordResetSchema } from '#shared/contracts/auth'

const perAddress = { name: 'password-reset-address', points: 20, seconds: 60 * 60, exact: true }
/** Mails to one mailbox. Beyond it nothing more is sent, and the answer stays the same: the links sent are good. */
const perMailbox = { name: 'password-reset-mailbox', points: 5, seconds: 60 * 60, exact: true }

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Sends a link that sets a new password, if there is such an account',
    answers: { 202: acceptedAnswer },
    errors: ['RATE_LIMITED'],
    body: passwordResetSchema,
    handle: async ({ event, body }) => {
      const target = mailTarget(event)
      await consume(perAddress, requestAddress(event))
      try {
        await consume(perMailbox, body.email.toLowerCase())
        requestPasswordReset(body.email, target)
      }
      catch (error) {
        if (!(error instanceof AppError && error.code === 'RATE_LIMITED')) throw error
      }
      setResponseStatus(event, 202)
      return { status: 'accepted' }
    },
  }),
})
