import { getFaqCatalogue } from '#server/services/faqs/faq-catalogue'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendUnlessFresh } from '#server/utils/etag'
import { chatFaqsAnswer } from '#shared/contracts/answers/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'The FAQs that customers see',
    answers: { 200: chatFaqsAnswer, 304: null },
    handle: async ({ event }) => {
      const { faqs, etag } = await getFaqCatalogue()
      return sendUnlessFresh(event, etag, () => faqs)
    },
  }),
})
