import { tellOfChangedPassword } from '#server/services/accounts/account-links'
import { changePassword } from '#server/services/accounts/accounts'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { requestLanguage } from '#server/utils/mail-target'
import { consume } from '#server/utils/rate-limit'
import { readSessionToken } from '#server/utils/session-cookie'
import { doneAnswer } from '#shared/contracts/answers/answer'
import { changePasswordSchema } from '#shared/contracts/auth'

const perUser = { name: 'password-user', points: 10, seconds: 15 * 60, exact: true }

export default defineApiRoute({
  POST: apiMethod({
    access: 'customer',
    summary: 'Changes the password and ends the other sessions',
    answers: { 200: doneAnswer },
    errors: ['RATE_LIMITED'],
    body: changePasswordSchema,
    handle: async ({ event, user, body }) => {
      await consume(perUser, user.id)
      const changed = await changePassword(user.id, { currentPassword: body.current_password, newPassword: body.new_password, keepToken: readSessionToken(event)! })
      tellOfChangedPassword(changed, requestLanguage(event))
      return { success: true }
    },
  }),
})
