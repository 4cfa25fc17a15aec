import { exportFaqs } from '#server/services/faqs/export-faqs'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendDownload } from '#server/utils/send-download'
import { exportFaqsQuery } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: exportFaqsQuery, handle: ({ event, query }) => sendDownload(event, 'faqs', query.format, exportFaqs(query.format)) }),
})
