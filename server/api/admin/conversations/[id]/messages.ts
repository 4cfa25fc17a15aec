import { setResponseStatus } from 'h3'
import { answerAsPerson } from '#server/services/handover/handover'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { agentMessageAnswer } from '#shared/contracts/answers/records'
import { conversationParams } from '#shared/contracts/chat'
import { agentMessageSchema } from '#shared/contracts/handover'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Answers as a person',
    answers: { 201: agentMessageAnswer },
    errors: ['CONFLICT'],
    params: conversationParams,
    body: agentMessageSchema,
    handle: async ({ event, user, params, body }) => {
      const message = await answerAsPerson(user.id, params.id, { text: body.text, clientMessageId: body.client_message_id ?? null })
      setResponseStatus(event, 201)
      return message
    },
  }),
})
