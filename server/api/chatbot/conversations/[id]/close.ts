import { endConversation } from '#server/services/conversations/read-conversation'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { closedConversationAnswer } from '#shared/contracts/answers/chat'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  POST: apiMethod({
    access: 'customer',
    summary: 'Closes a conversation',
    answers: { 200: closedConversationAnswer },
    params: conversationParams,
    handle: ({ user, params }) => endConversation(user.id, params.id),
  }),
})
