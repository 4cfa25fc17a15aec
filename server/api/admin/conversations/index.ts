import { browseConversations } from '#server/services/admin/browse-conversations'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminConversationPageAnswer } from '#shared/contracts/answers/records'
import { listAdminConversationsQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Searches conversations',
    answers: { 200: adminConversationPageAnswer },
    query: listAdminConversationsQuery,
    handle: ({ query }) => browseConversations(query),
  }),
})
