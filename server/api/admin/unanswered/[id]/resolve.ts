import { resolveGroup } from '#server/services/unanswered/resolve-group'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { resolveSchema, unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', params: unansweredParams, body: resolveSchema, handle: ({ user, params, body }) => resolveGroup(user.id, params.id, body) }),
})
