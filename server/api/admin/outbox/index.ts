import { listOutbox } from '#server/services/outbox/manage-outbox'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listOutboxQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: listOutboxQuery, handle: ({ query }) => listOutbox(query) }),
})
