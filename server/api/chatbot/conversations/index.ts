import { deleteOwnConversations, listOwnConversations } from '#server/services/conversations/read-conversation'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listConversationsQuery } from '#shared/contracts/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    query: listConversationsQuery,
    handle: ({ user, query }) => listOwnConversations(user.id, query.status, query.limit),
  }),
  DELETE: apiMethod({ access: 'customer', handle: ({ user }) => deleteOwnConversations(user.id) }),
})
