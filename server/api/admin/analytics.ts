import { reportAnalytics } from '#server/services/analytics/report'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { analyticsAnswer } from '#shared/contracts/answers/unanswered'
import { analyticsQuery } from '#shared/contracts/admin-analytics'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Figures of a period, and of the one before',
    answers: { 200: analyticsAnswer },
    query: analyticsQuery,
    handle: ({ query }) => reportAnalytics(query),
  }),
})
