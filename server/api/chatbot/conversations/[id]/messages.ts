import { setResponseHeader } from 'h3'
import { finishAbandonedQuestions } from '#server/services/conversations/reply-to-question'
import { readMessages, requirePulse } from '#server/services/conversations/read-conversation'
import { runInBackground } from '#server/services/background'
import { getChatConfig } from '#server/services/config/chat-config'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { sendUnlessFresh } from '#server/utils/etag'
import { messagesAnswer } from '#shared/contracts/answers/chat'
import { conversationParams, listMessagesQuery } from '#shared/contracts/chat'

/** While a reply is being made somebody watches the typing indicator: look more often than the config says. */
const PENDING_POLL_MS = 1_000

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Messages of a conversation; what the widget polls',
    answers: { 200: messagesAnswer, 304: null },
    params: conversationParams,
    query: listMessagesQuery,
    handle: async ({ event, user, params: { id }, query: { after, before, limit } }) => {
      const { version, status, pending, abandoned, handling } = await requirePulse(user.id, id)
      // A server died over a question of theirs: it is answered now, and the next poll brings the reply.
      if (abandoned) runInBackground('answering an abandoned question', () => finishAbandonedQuestions(id))
      const { pollingIntervalMs } = await getChatConfig()
      setResponseHeader(event, 'x-conversation-status', status)
      setResponseHeader(event, 'x-conversation-handling', handling)
      setResponseHeader(event, 'x-poll-after-ms', pending ? Math.min(PENDING_POLL_MS, pollingIntervalMs) : pollingIntervalMs)
      return sendUnlessFresh(event, `"v${version}-${before ?? after}-${limit}"`, async () => {
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
