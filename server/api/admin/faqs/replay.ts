import { replayQuestions } from '#server/services/faqs/replay-questions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { replaySchema } from '#shared/contracts/replay'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', body: replaySchema, handle: ({ body }) => replayQuestions(body) }),
})
