import { readAnyConversation } from '#server/services/admin/browse-conversations'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminConversationQuery } from '#shared/contracts/admin-records'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', params: conversationParams, query: adminConversationQuery, handle: ({ params, query }) => readAnyConversation(params.id, query) }),
})
