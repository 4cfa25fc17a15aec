import { setResponseStatus } from 'h3'
import { addNegative, listFaqNegatives } from '#server/services/faqs/faq-negatives'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { addNegativeSchema, pageQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: pageQuery, handle: ({ query }) => listFaqNegatives(query) }),
  POST: apiMethod({
    access: 'admin',
    body: addNegativeSchema,
    handle: async ({ event, user, body }) => {
      const added = await addNegative(user.id, { faqId: body.faq_id, question: body.question })
      setResponseStatus(event, 201)
      return added
    },
  }),
})
