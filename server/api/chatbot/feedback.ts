import { rateMessage } from '#server/services/feedback/rate-message'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { feedbackAnswer } from '#shared/contracts/answers/chat'
import { feedbackSchema } from '#shared/contracts/chat'

const perMinute = { name: 'feedback-minute', points: 60, seconds: 60 }

export default defineApiRoute({
  POST: apiMethod({
    access: 'customer',
    summary: 'Rates a reply of the bot, or takes a rating back',
    answers: { 200: feedbackAnswer },
    errors: ['NOT_FOUND', 'RATE_LIMITED'],
    body: feedbackSchema,
    handle: async ({ user, body }) => {
      await consume(perMinute, user.id)
      return rateMessage({ customerId: user.id, messageId: body.message_id, value: body.value, comment: body.comment || null })
    },
  }),
})
