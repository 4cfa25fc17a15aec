import { reportAnalytics } from '#server/services/analytics/report'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { analyticsQuery } from '#shared/contracts/admin-analytics'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: analyticsQuery, handle: ({ query }) => reportAnalytics(query) }),
})
