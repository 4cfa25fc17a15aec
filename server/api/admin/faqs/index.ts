import { setResponseStatus } from 'h3'
import { createFaq, listFaqs } from '#server/services/faqs/manage-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminFaqAnswer, faqPageAnswer } from '#shared/contracts/answers/faqs'
import { createFaqSchema, listFaqsQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists and searches FAQs',
    answers: { 200: faqPageAnswer },
    query: listFaqsQuery,
    handle: ({ query }) => listFaqs({ ...query, active: query.active === undefined ? undefined : query.active === 'true' }),
  }),
  POST: apiMethod({
    access: 'admin',
    summary: 'Makes a FAQ',
    answers: { 201: adminFaqAnswer },
    errors: ['CONFLICT'],
    body: createFaqSchema,
    handle: async ({ event, user, body }) => {
      const faq = await createFaq(user.id, body)
      setResponseStatus(event, 201)
      return faq
    },
  }),
})
