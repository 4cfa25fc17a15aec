import { browseUnanswered } from '#server/services/unanswered/browse-unanswered'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listUnansweredQuery } from '#shared/contracts/unanswered'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: listUnansweredQuery, handle: ({ query }) => browseUnanswered(query) }),
})
