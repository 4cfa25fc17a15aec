import { browseConversations } from '#server/services/admin/browse-conversations'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listAdminConversationsQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: listAdminConversationsQuery, handle: ({ query }) => browseConversations(query) }),
})
