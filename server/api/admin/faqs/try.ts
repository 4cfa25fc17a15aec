import { tryQuestion } from '#server/services/faqs/try-question'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { tryAnswer } from '#shared/contracts/answers/faqs'
import { tryFaqSchema } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'What the bot would do with a question, and why',
    answers: { 200: tryAnswer },
    body: tryFaqSchema,
    handle: ({ body }) => tryQuestion(body.question),
  }),
})
