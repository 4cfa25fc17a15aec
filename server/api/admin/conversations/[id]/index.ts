import { readAnyConversation } from '#server/services/admin/browse-conversations'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminConversationAnswer } from '#shared/contracts/answers/records'
import { adminConversationQuery } from '#shared/contracts/admin-records'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Reads a conversation with what the customer does not see',
    answers: { 200: adminConversationAnswer },
    params: conversationParams,
    query: adminConversationQuery,
    handle: ({ params, query }) => readAnyConversation(params.id, query),
  }),
})
