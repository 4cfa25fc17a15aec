import { changeProfile, readProfile } from '#server/services/accounts/account-profile'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks } from '#server/utils/mail-target'
import { changeProfileSchema } from '#shared/contracts/account'

export default defineApiRoute({
  GET: apiMethod({ access: 'customer', handle: ({ event, user }) => readProfile(user.id, canSendLinks(event)) }),
  PATCH: apiMethod({ access: 'customer', body: changeProfileSchema, handle: ({ event, user, body }) => changeProfile(user.id, body, canSendLinks(event)) }),
})
