import { z } from 'zod'
import type { RagAdapter, RagSettings } from '../rag-client'
import { endpoint } from './addresses'
import { plainRating } from './plain'
import { idOrNone, isObject, otherForm, readJson, toAnswer } from './read-json'

const RATINGS = { up: 'like', down: 'dislike' } as const

const messageSchema = z.object({
  answer: z.string(),
  conversation_id: idOrNone,
  message_id: idOrNone,
  id: idOrNone,
  metadata: z.object({ retriever_resources: z.array(z.unknown()).nullish().catch(null) }).nullish().catch(null),
})

/** A Dify chat app, in blocking mode. Dify keeps the conversation itself, so no history is sent. */
export const dify: RagAdapter = {
  ask: (question, settings) => ({
    url: chatAddress(settings),
    body: {
      inputs: {},
      query: question.text,
      response_mode: 'blocking',
      conversation_id: question.remoteConversationId ?? '',
      user: question.customerId,
      auto_generate_name: false,
    },
  }),
  read(status, body) {
    // Dify answers 404 for a conversation that was removed there, and for one of another app.
    if (status === 404) return { kind: 'conversation_gone' }
    const read = readJson(status, body)
    if ('reading' in read) return read.reading
    const message = messageSchema.safeParse(read.object)
    if (!message.success) return otherForm('{ "event": "message", "answer": string }')
    const { answer, conversation_id, message_id, id, metadata } = message.data
    const sources = (metadata?.retriever_resources ?? []).filter(isObject).map(resource => ({ title: resource.document_name ?? resource.dataset_name, url: resource.url ?? resource.source_url }))
    return toAnswer(answer, sources, { conversationId: conversation_id ?? null, messageId: message_id ?? id ?? null })
  },
  rate(rating, settings) {
    if (settings.feedbackUrl) return { url: settings.feedbackUrl, body: plainRating(rating) }
    if (!rating.remote?.messageId) return null
    const url = new URL(chatAddress(settings))
    url.pathname = `${url.pathname.replace(/\/chat-messages\/*$/, '').replace(/\/+$/, '')}/messages/${encodeURIComponent(rating.remote.messageId)}/feedbacks`
    return { url: url.href, body: { rating: rating.value && RATINGS[rating.value], user: rating.customerId, content: rating.comment ?? '' } }
  },
}

const chatAddress = ({ url }: RagSettings) => endpoint(url, 'chat-messages')
