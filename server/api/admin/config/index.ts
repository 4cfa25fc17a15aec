import { readAdminConfig, saveConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { updateConfigSchema } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', handle: readAdminConfig }),
  PUT: apiMethod({ access: 'admin', body: updateConfigSchema, handle: ({ user, body }) => saveConfig(user.id, body) }),
})
