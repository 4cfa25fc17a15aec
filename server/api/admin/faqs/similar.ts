import { findSimilarFaqs } from '#server/services/faqs/similar-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { similarSchema } from '#shared/contracts/replay'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', body: similarSchema, handle: ({ body: { id, ...texts } }) => findSimilarFaqs({ id: id ?? null, ...texts }) }),
})
