import { takeConversation } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationParams } from '#shared/contracts/chat'
import { claimSchema } from '#shared/contracts/handover'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', params: conversationParams, body: claimSchema, handle: ({ user, params, body }) => takeConversation(user.id, params.id, body.take_over) }),
})
