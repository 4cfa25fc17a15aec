import { setResponseStatus } from 'h3'
import { sendMessage } from '#server/services/conversations/send-message'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { acceptedAnswer, botReplyAnswer } from '#shared/contracts/answers/chat'
import { sendMessageSchema } from '#shared/contracts/chat'

const perMinute = { name: 'messages-minute', points: 20, seconds: 60 }
const perDay = { name: 'messages-day', points: 300, seconds: 24 * 60 * 60 }

export default defineApiRoute({
  POST: apiMethod({
    access: 'customer',
    summary: 'Sends a message and gets the reply',
    answers: { 200: botReplyAnswer, 202: acceptedAnswer },
    errors: ['NOT_FOUND', 'CONFLICT', 'RATE_LIMITED'],
    body: sendMessageSchema,
    handle: async ({ event, user, body }) => {
      await consume(perMinute, user.id)
      await consume(perDay, user.id)
      const outcome = await sendMessage({
        customerId: user.id,
        text: body.message_text,
        conversationId: body.conversation_id ?? null,
        clientMessageId: body.client_message_id ?? null,
        faqId: body.faq_id ?? null,
        page: body.page ?? null,
        acceptPending: body.accept_pending ?? false,
      })
      if ('reply' in outcome) return outcome.reply
      setResponseStatus(event, 202)
      return outcome.pending
    },
  }),
})
