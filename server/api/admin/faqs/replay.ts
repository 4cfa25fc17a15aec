import { replayQuestions } from '#server/services/faqs/replay-questions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { replayAnswer } from '#shared/contracts/answers/faqs'
import { replaySchema } from '#shared/contracts/replay'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'What a draft would change for earlier questions',
    answers: { 200: replayAnswer },
    errors: ['CONFLICT'],
    body: replaySchema,
    handle: ({ body }) => replayQuestions(body),
  }),
})
