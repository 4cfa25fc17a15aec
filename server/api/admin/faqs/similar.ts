import { findSimilarFaqs } from '#server/services/faqs/similar-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { similarAnswer } from '#shared/contracts/answers/faqs'
import { similarSchema } from '#shared/contracts/replay'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'FAQs that answer the same',
    answers: { 200: similarAnswer },
    body: similarSchema,
    handle: ({ body: { id, ...texts } }) => findSimilarFaqs({ id: id ?? null, ...texts }),
  }),
})
