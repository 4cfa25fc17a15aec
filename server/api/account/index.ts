import { deleteAccount } from '#server/services/privacy/delete-account'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { clearDeviceCookie } from '#server/utils/device-cookie'
import { clearSessionCookie } from '#server/utils/session-cookie'
import { doneAnswer } from '#shared/contracts/answers/answer'
import { deleteAccountSchema } from '#shared/contracts/account'

/** Shared with the change of the password: both can be used to guess it. */
const perUser = { name: 'password-user', points: 10, seconds: 15 * 60, exact: true }

export default defineApiRoute({
  DELETE: apiMethod({
    access: 'customer',
    summary: 'Deletes the account with all that belongs to it',
    answers: { 200: doneAnswer },
    errors: ['CONFLICT', 'RATE_LIMITED'],
    body: deleteAccountSchema,
    handle: async ({ event, user, body }) => {
      await consume(perUser, user.id)
      await deleteAccount(user.id, body.current_password)
      clearSessionCookie(event)
      clearDeviceCookie(event)
      return { success: true }
    },
  }),
})
