import { rateMessage } from '#server/services/feedback/rate-message'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { feedbackSchema } from '#shared/contracts/chat'

const perMinute = { name: 'feedback-minute', points: 60, seconds: 60 }

export default defineApiRoute({
  POST: apiMethod({
    access: 'customer',
    body: feedbackSchema,
    handle: async ({ user, body }) => {
      await consume(perMinute, user.id)
      return rateMessage({ customerId: user.id, messageId: body.message_id, value: body.value, comment: body.comment || null })
    },
  }),
})
