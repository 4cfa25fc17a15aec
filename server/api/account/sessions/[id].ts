import { endAccountSession } from '#server/services/accounts/account-sessions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sessionParams } from '#shared/contracts/account'

export default defineApiRoute({
  // Ending the session that asks is allowed; its cookie then opens nothing.
  DELETE: apiMethod({
    access: 'customer',
    summary: 'Signs one device out',
    answers: { 204: null },
    params: sessionParams,
    handle: ({ user, params }) => endAccountSession(user.id, params.id),
  }),
})
