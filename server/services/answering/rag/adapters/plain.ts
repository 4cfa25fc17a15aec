import { z } from 'zod'
import { appendPath } from './addresses'
import type { RagAdapter, RagRating } from '../rag-client'
import { isObject, otherForm, readJson, textOrNone, toAnswer } from './read-json'

const answerSchema = z.object({
  answer: textOrNone,
  text: textOrNone,
  response: textOrNone,
  sources: z.array(z.unknown()).catch([]).nullish(),
})

/** The contract's own format. */
export const plain: RagAdapter = {
  ask: (question, { url }) => ({
    url,
    body: {
      conversation_id: question.conversationId,
      message_id: question.messageId,
      text: question.text,
      customer_id: question.customerId,
      history: question.history.map(({ sender, text }) => ({ sender, text })),
    },
  }),
  read(status, body) {
    if (status === 404) return { kind: 'unknown' }
    const read = readJson(status, body)
    if ('reading' in read) return read.reading
    const { answer, text, response, sources } = answerSchema.parse(read.object)
    const words = answer ?? text ?? response
    if (words == null) return ['answer', 'text', 'response'].some(name => read.object[name] === null) ? { kind: 'unknown' } : otherForm('{ "answer": string }')
    return toAnswer(words, (sources ?? []).filter(isObject), null)
  },
  rate: (rating, { url, feedbackUrl }) => ({ url: feedbackUrl ?? appendPath(url, 'feedback'), body: plainRating(rating) }),
}

/** A rating in the contract's words; every format takes it at a feedback address of its own. */
export const plainRating = (rating: RagRating) => ({
  feedback_id: rating.feedbackId,
  message_id: rating.messageId,
  conversation_id: rating.conversationId,
  customer_id: rating.customerId,
  value: rating.value,
  comment: rating.comment,
  timestamp: rating.timestamp,
})
