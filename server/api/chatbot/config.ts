import { getChatConfig, publicConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

export default defineApiRoute({
  GET: apiMethod({ access: 'customer', handle: async () => publicConfig(await getChatConfig()) }),
})
