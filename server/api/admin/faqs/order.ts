import { orderFaqs } from '#server/services/faqs/order-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { faqOrderAnswer } from '#shared/contracts/answers/faqs'
import { orderFaqsSchema } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Puts FAQs into another order',
    answers: { 200: faqOrderAnswer },
    errors: ['CONFLICT'],
    body: orderFaqsSchema,
    handle: async ({ user, body }) => ({ items: await orderFaqs(user.id, body.ids) }),
  }),
})
