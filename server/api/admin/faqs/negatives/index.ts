import { setResponseStatus } from 'h3'
import { addNegative, listFaqNegatives } from '#server/services/faqs/faq-negatives'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { addedAnswer, negativesAnswer } from '#shared/contracts/answers/faqs'
import { addNegativeSchema, pageQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists questions and the FAQs that do not answer them',
    answers: { 200: negativesAnswer },
    query: pageQuery,
    handle: ({ query }) => listFaqNegatives(query),
  }),
  POST: apiMethod({
    access: 'admin',
    summary: 'Says that a FAQ does not answer a question',
    answers: { 201: addedAnswer },
    errors: ['NOT_FOUND', 'CONFLICT'],
    body: addNegativeSchema,
    handle: async ({ event, user, body }) => {
      const added = await addNegative(user.id, { faqId: body.faq_id, question: body.question })
      setResponseStatus(event, 201)
      return added
    },
  }),
})
