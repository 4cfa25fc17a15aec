import { takeConversation } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationHandlingAnswer } from '#shared/contracts/answers/records'
import { conversationParams } from '#shared/contracts/chat'
import { claimSchema } from '#shared/contracts/handover'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Takes a conversation over from the bot',
    answers: { 200: conversationHandlingAnswer },
    errors: ['CONFLICT'],
    params: conversationParams,
    body: claimSchema,
    handle: ({ user, params, body }) => takeConversation(user.id, params.id, body.take_over),
  }),
})
