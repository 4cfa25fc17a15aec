import { tryQuestion } from '#server/services/faqs/try-question'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { tryFaqSchema } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', body: tryFaqSchema, handle: ({ body }) => tryQuestion(body.question) }),
})
