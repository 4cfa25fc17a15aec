import { browseFeedback } from '#server/services/admin/browse-feedback'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listAdminFeedbackQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: listAdminFeedbackQuery, handle: ({ query }) => browseFeedback(query) }),
})
