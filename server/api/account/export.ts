import { exportAccount } from '#server/services/privacy/export-account'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { sendDownload } from '#server/utils/send-download'
import { accountExportAnswer } from '#shared/contracts/answers/account'
import { exportAccountQuery } from '#shared/contracts/account'

const perUser = { name: 'export-user', points: 10, seconds: 60 * 60 }

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'All data of the account, as a download',
    answers: { 200: { 'application/json': accountExportAnswer, 'application/zip': null } },
    errors: ['RATE_LIMITED'],
    query: exportAccountQuery,
    handle: async ({ event, user, query: { format } }) => {
      await consume(perUser, user.id)
      return sendDownload(event, 'my-data', format, exportAccount(user.id, format))
    },
  }),
})
