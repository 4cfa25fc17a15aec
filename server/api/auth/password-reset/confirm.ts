import { confirmPasswordReset } from '#server/services/accounts/account-links'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { writeDeviceCookie } from '#server/utils/device-cookie'
import { requestLanguage } from '#server/utils/mail-target'
import { consume } from '#server/utils/rate-limit'
import { requestAddress } from '#server/utils/request-address'
import { clearSessionCookie } from '#server/utils/session-cookie'
import { doneAnswer } from '#shared/contracts/answers/answer'
import { confirmResetSchema } from '#shared/contracts/auth'

const perAddress = { name: 'password-reset-confirm', points: 30, seconds: 60 * 60, exact: true }

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Sets a new password with the link of the e-mail',
    answers: { 200: doneAnswer },
    errors: ['RATE_LIMITED'],
    body: confirmResetSchema,
    handle: async ({ event, body }) => {
      await consume(perAddress, requestAddress(event))
      const user = await confirmPasswordReset(body.token, body.new_password, requestLanguage(event))
      // Whoever was signed in here signs in again; and does not wait for the failures that others have made.
      clearSessionCookie(event)
      writeDeviceCookie(event, user.email)
      return { success: true }
    },
  }),
})
