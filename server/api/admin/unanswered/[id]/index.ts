import { readUnanswered } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', params: unansweredParams, handle: ({ params }) => readUnanswered(params.id) }),
})
