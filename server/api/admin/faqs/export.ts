import { exportFaqs } from '#server/services/faqs/export-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendDownload } from '#server/utils/send-download'
import { faqFileAnswer } from '#shared/contracts/answers/faqs'
import { exportFaqsQuery } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Downloads all FAQs as a file that import takes back',
    answers: { 200: { 'text/csv': null, 'application/json': faqFileAnswer } },
    query: exportFaqsQuery,
    handle: ({ event, query }) => sendDownload(event, 'faqs', query.format, exportFaqs(query.format)),
  }),
})
