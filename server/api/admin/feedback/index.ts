import { browseFeedback } from '#server/services/admin/browse-feedback'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminFeedbackPageAnswer } from '#shared/contracts/answers/records'
import { listAdminFeedbackQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists ratings',
    answers: { 200: adminFeedbackPageAnswer },
    query: listAdminFeedbackQuery,
    handle: ({ query }) => browseFeedback(query),
  }),
})
