import { editFaq, readFaq, removeFaq } from '#server/services/faqs/manage-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { faqParams, updateFaqSchema } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', params: faqParams, handle: ({ params }) => readFaq(params.id) }),
  PATCH: apiMethod({ access: 'admin', params: faqParams, body: updateFaqSchema, handle: ({ user, params, body }) => editFaq(user.id, params.id, body) }),
  DELETE: apiMethod({ access: 'admin', params: faqParams, handle: ({ user, params }) => removeFaq(user.id, params.id) }),
})
