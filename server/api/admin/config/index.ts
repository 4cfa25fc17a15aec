import { readAdminConfig, saveConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminConfigAnswer } from '#shared/contracts/answers/settings'
import { updateConfigSchema } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Reads the settings',
    answers: { 200: adminConfigAnswer },
    handle: readAdminConfig,
  }),
  PUT: apiMethod({
    access: 'admin',
    summary: 'Changes settings',
    answers: { 200: adminConfigAnswer },
    errors: ['CONFLICT'],
    body: updateConfigSchema,
    handle: ({ user, body }) => saveConfig(user.id, body),
  }),
})
