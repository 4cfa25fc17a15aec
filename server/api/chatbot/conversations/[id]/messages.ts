import { setResponseHeader, setResponseHeaders } from 'h3'
import { finishAbandonedQuestions } from '#server/services/conversations/reply-to-question'
import { readMessages, requirePulse } from '#server/services/conversations/read-conversation'
import { runInBackground } from '#server/services/background'
import { getChatConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendUnlessFresh } from '#server/utils/etag'
import { pollEtag, pollHeaders } from '#server/utils/message-poll'
import { messagesAnswer } from '#shared/contracts/answers/chat'
import { conversationParams, listMessagesQuery } from '#shared/contracts/chat'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Messages of a conversation; what the widget polls',
    answers: { 200: messagesAnswer, 304: null },
    params: conversationParams,
    query: listMessagesQuery,
    handle: async ({ event, user, params: { id }, query: { after, before, limit } }) => {
      const pulse = await requirePulse(user.id, id)
      // A server died over a question of theirs: it is answered now, and the next poll brings the reply.
      if (pulse.abandoned) runInBackground('answering an abandoned question', () => finishAbandonedQuestions(id))
      setResponseHeaders(event, pollHeaders(pulse, await getChatConfig()))
      return sendUnlessFresh(event, pollEtag(pulse, before ?? after, limit), async () => {
        const { messages, more } = await readMessages(id, before === undefined ? { after } : { before }, limit)
        if (more) {
          const next = before === undefined ? `after=${messages.at(-1)!.seq}` : `before=${messages[0]!.seq}`
          setResponseHeader(event, 'link', `</api/chatbot/conversations/${id}/messages?${next}&limit=${limit}>; rel="next"`)
        }
        return messages
      })
    },
  }),
})
