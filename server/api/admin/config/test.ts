import { tryRag } from '#server/services/answering/rag/try-rag'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { ragTestAnswer } from '#shared/contracts/answers/settings'
import { testConfigSchema } from '#shared/contracts/admin'

const perMinute = { name: 'config-test-minute', points: 20, seconds: 60 }

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Asks the RAG API a question with these settings',
    answers: { 200: ragTestAnswer },
    errors: ['RATE_LIMITED'],
    body: testConfigSchema,
    handle: async ({ user, body }) => {
      await consume(perMinute, user.id)
      return tryRag(user.id, body)
    },
  }),
})
