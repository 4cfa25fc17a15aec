import { previewRetention } from '#server/services/privacy/retention'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { retentionPreviewAnswer } from '#shared/contracts/answers/settings'
import { retentionPreviewQuery } from '#shared/contracts/admin'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'What a retention of so many days would delete now',
    answers: { 200: retentionPreviewAnswer },
    query: retentionPreviewQuery,
    handle: ({ query }) => previewRetention(query.days),
  }),
})
