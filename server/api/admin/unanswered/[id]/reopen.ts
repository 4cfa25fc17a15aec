import { reopen } from '#server/services/unanswered/resolve-group'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', params: unansweredParams, handle: ({ user, params }) => reopen(user.id, params.id) }),
})
