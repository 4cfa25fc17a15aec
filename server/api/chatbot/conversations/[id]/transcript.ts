import { setResponseHeader, setResponseStatus } from 'h3'
import { mailTranscript, makeTranscript } from '#server/services/conversations/transcript'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { transcriptAnswer, transcriptMailedAnswer } from '#shared/contracts/answers/chat'
import { conversationParams, transcriptDeliverySchema, transcriptQuery } from '#shared/contracts/chat'

const perMinute = { name: 'transcripts-minute', points: 20, seconds: 60 }
const mailsPerHour = { name: 'transcript-mails-hour', points: 5, seconds: 60 * 60 }

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Downloads a conversation',
    answers: { 200: { 'text/plain': null, 'application/json': transcriptAnswer, 'application/pdf': null } },
    errors: ['RATE_LIMITED'],
    params: conversationParams,
    query: transcriptQuery,
    handle: async ({ event, user, params, query }) => {
      await consume(perMinute, user.id)
      const file = await makeTranscript(user, params.id, query.format)
      setResponseHeader(event, 'content-type', file.type)
      setResponseHeader(event, 'content-disposition', `attachment; filename="${file.name}"`)
      return file.content
    },
  }),
  POST: apiMethod({
    access: 'customer',
    summary: 'Mails a conversation to the customer',
    answers: { 202: transcriptMailedAnswer },
    errors: ['RATE_LIMITED'],
    params: conversationParams,
    body: transcriptDeliverySchema,
    handle: async ({ event, user, params }) => {
      await consume(mailsPerHour, user.id)
      await mailTranscript(user, params.id)
      setResponseStatus(event, 202)
      return { delivery: 'email', status: 'accepted' }
    },
  }),
})
