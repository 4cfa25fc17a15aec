import { handBack } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationHandlingAnswer } from '#shared/contracts/answers/records'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Hands a conversation back to the bot',
    answers: { 200: conversationHandlingAnswer },
    errors: ['CONFLICT'],
    params: conversationParams,
    handle: ({ user, params }) => handBack(user.id, params.id),
  }),
})
