import { getFaqCatalogue } from '#server/services/faqs/faq-catalogue'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendUnlessFresh } from '#server/utils/etag'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    handle: async ({ event }) => {
      const { faqs, etag } = await getFaqCatalogue()
      return sendUnlessFresh(event, etag, () => faqs)
    },
  }),
})
