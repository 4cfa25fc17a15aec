import { endConversation } from '#server/services/conversations/read-conversation'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  POST: apiMethod({ access: 'customer', params: conversationParams, handle: ({ user, params }) => endConversation(user.id, params.id) }),
})
