import { orderFaqs } from '#server/services/faqs/order-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { orderFaqsSchema } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  POST: apiMethod({ access: 'admin', body: orderFaqsSchema, handle: async ({ user, body }) => ({ items: await orderFaqs(user.id, body.ids) }) }),
})
