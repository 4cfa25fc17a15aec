import { customerConfig, getChatConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { customerConfigAnswer } from '#shared/contracts/answers/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'What the chat looks like and says',
    answers: { 200: customerConfigAnswer },
    handle: async () => customerConfig(await getChatConfig()),
  }),
})
