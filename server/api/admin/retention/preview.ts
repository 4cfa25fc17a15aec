import { previewRetention } from '#server/services/privacy/retention'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { retentionPreviewQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: retentionPreviewQuery, handle: ({ query }) => previewRetention(query.days) }),
})
