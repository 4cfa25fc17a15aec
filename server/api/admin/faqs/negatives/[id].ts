import { removeNegative } from '#server/services/faqs/faq-negatives'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { faqParams } from '#shared/contracts/admin'

export default defineApiRoute({
  DELETE: apiMethod({
    access: 'admin',
    summary: 'Takes a learned pair back',
    answers: { 204: null },
    params: faqParams,
    handle: ({ user, params }) => removeNegative(user.id, params.id),
  }),
})
