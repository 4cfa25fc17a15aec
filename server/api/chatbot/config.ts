import { getChatConfig, publicConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { publicConfigAnswer } from '#shared/contracts/answers/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'What the chat looks like and says',
    answers: { 200: publicConfigAnswer },
    handle: async () => publicConfig(await getChatConfig()),
  }),
})
