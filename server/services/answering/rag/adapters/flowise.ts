import { z } from 'zod'
import type { RagAdapter } from '../rag-client'
import { plainRating } from './plain'
import { idOrNone, isObject, otherForm, readJson, textOrNone, toAnswer, type JsonObject } from './read-json'

const RATINGS = { up: 'THUMBS_UP', down: 'THUMBS_DOWN' } as const

const predictionSchema = z.object({
  text: textOrNone,
  json: z.unknown().optional(),
  chatId: idOrNone,
  sessionId: idOrNone,
  chatMessageId: idOrNone,
  sourceDocuments: z.array(z.unknown()).nullish().catch(null),
})

/** A Flowise chatflow at `/api/v1/prediction/{id}`. Flowise keeps the conversation under the session's id, which is ours. */
export const flowise: RagAdapter = {
  ask: (question, { url }) => {
    const session = question.remoteConversationId ?? question.conversationId
    return { url, body: { question: question.text, chatId: session, overrideConfig: { sessionId: session }, streaming: false } }
  },
  read(status, body) {
    const read = readJson(status, body)
    if ('reading' in read) return status === 404 ? { kind: 'conversation_gone' } : read.reading
    const prediction = predictionSchema.safeParse(read.object)
    if (!prediction.success) return otherForm('{ "text": string }')
    const { text, json, chatId, sessionId, chatMessageId, sourceDocuments } = prediction.data
    if (text == null && !isObject(json)) return otherForm('{ "text": string }')
    const words = text ?? [(json as JsonObject).text, (json as JsonObject).answer, (json as JsonObject).output].find(value => typeof value === 'string')
    const sources = (sourceDocuments ?? []).filter(isObject).map(document => isObject(document.metadata) ? toSource(document.metadata) : {})
    return toAnswer(typeof words === 'string' ? words : '', sources, { conversationId: chatId ?? sessionId ?? null, messageId: chatMessageId ?? null })
  },
  rate(rating, { url, feedbackUrl }) {
    if (feedbackUrl) return { url: feedbackUrl, body: plainRating(rating) }
    const [, base, chatflowid] = /^(.*)\/prediction\/([^/]+)\/*$/.exec(new URL(url).pathname) ?? []
    // Flowise has no way to take a rating back; the next one for the message replaces it.
    if (base === undefined || !chatflowid || !rating.remote?.messageId || !rating.value) return null
    const address = new URL(url)
    address.pathname = `${base}/feedback`
    return {
      url: address.href,
      body: { chatflowid: decodeURIComponent(chatflowid), chatId: rating.remote.conversationId ?? rating.conversationId, messageId: rating.remote.messageId, rating: RATINGS[rating.value], content: rating.comment ?? '' },
    }
  },
}

const toSource = (metadata: JsonObject) => ({ title: metadata.title ?? metadata.name ?? metadata.fileName ?? metadata.source, url: metadata.url ?? metadata.source })
