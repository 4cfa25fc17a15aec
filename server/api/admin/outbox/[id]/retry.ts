import { retryFromOutbox } from '#server/services/outbox/manage-outbox'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { outboxParams } from '#shared/contracts/admin'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', params: outboxParams, handle: ({ user, params }) => retryFromOutbox(user.id, params.id) }),
})
