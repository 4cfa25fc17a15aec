import { changeProfile, readProfile } from '#server/services/accounts/account-profile'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { canSendLinks } from '#server/utils/mail-target'
import { accountProfileAnswer } from '#shared/contracts/answers/account'
import { changeProfileSchema } from '#shared/contracts/account'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Who somebody is and how they sign in',
    answers: { 200: accountProfileAnswer },
    handle: ({ event, user }) => readProfile(user.id, canSendLinks(event)),
  }),
  PATCH: apiMethod({
    access: 'customer',
    summary: 'Changes the name',
    answers: { 200: accountProfileAnswer },
    body: changeProfileSchema,
    handle: ({ event, user, body }) => changeProfile(user.id, body, canSendLinks(event)),
  }),
})
