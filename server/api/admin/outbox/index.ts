import { listOutbox } from '#server/services/outbox/manage-outbox'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { deliveryPageAnswer } from '#shared/contracts/answers/settings'
import { listOutboxQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists deliveries to the RAG API',
    answers: { 200: deliveryPageAnswer },
    query: listOutboxQuery,
    handle: ({ query }) => listOutbox(query),
  }),
})
