import { exportFeedback } from '#server/services/admin/browse-feedback'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendDownload } from '#server/utils/send-download'
import { adminFeedbackFileAnswer } from '#shared/contracts/answers/records'
import { exportFeedbackQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Downloads the ratings',
    answers: { 200: { 'text/csv': null, 'application/json': adminFeedbackFileAnswer } },
    query: exportFeedbackQuery,
    handle: ({ event, query: { format, ...filter } }) => sendDownload(event, 'feedback', format, exportFeedback(filter, format)),
  }),
})
