import { handBack } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { conversationParams } from '#shared/contracts/chat'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', params: conversationParams, handle: ({ user, params }) => handBack(user.id, params.id) }),
})
