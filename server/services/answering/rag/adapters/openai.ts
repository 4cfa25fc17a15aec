import { z } from 'zod'
import type { RagAdapter } from '../rag-client'
import { endpoint } from './addresses'
import { plainRating } from './plain'
import { idOrNone, isObject, otherForm, readJson, toAnswer, type JsonObject } from './read-json'

const ROLES = { customer: 'user', bot: 'assistant', agent: 'assistant' } as const

const completionSchema = z.object({
  id: idOrNone,
  choices: z.array(z.object({
    message: z.object({
      content: z.union([z.string(), z.array(z.object({ type: z.string().nullish(), text: z.string().nullish() }))]).nullish(),
      annotations: z.array(z.unknown()).nullish().catch(null),
    }),
  })).min(1),
  citations: z.array(z.unknown()).nullish().catch(null),
  sources: z.array(z.unknown()).nullish().catch(null),
})

/** Any OpenAI-compatible `/v1/chat/completions`: vLLM, LiteLLM, Ollama, Open WebUI, AnythingLLM, RAGFlow, FastGPT, MaxKB, Hayhooks. */
export const openai: RagAdapter = {
  ask: (question, { url, model, systemPrompt }) => ({
    url: endpoint(url, 'chat/completions'),
    body: {
      // Most servers insist on a name even where they have one model only.
      model: model ?? 'default',
      messages: [
        ...(systemPrompt ? [{ role: 'system', content: systemPrompt }] : []),
        ...question.history.map(({ sender, text }) => ({ role: ROLES[sender], content: text })),
        { role: 'user', content: question.text },
      ],
      stream: false,
      user: question.customerId,
    },
  }),
  read(status, body) {
    const read = readJson(status, body)
    if ('reading' in read) return read.reading
    const completion = completionSchema.safeParse(read.object)
    if (!completion.success) return otherForm('{ "choices": [{ "message": { "content": string } }] }')
    const { id, choices, citations, sources } = completion.data
    const { content, annotations } = choices[0]!.message
    const text = typeof content === 'string' ? content : (content ?? []).filter(part => !part.type || part.type === 'text').map(part => part.text ?? '').join('')
    return toAnswer(text, [...(annotations ?? []), ...(citations ?? []), ...(sources ?? [])].map(toSource), { conversationId: null, messageId: id ?? null })
  },
  // The format has no place for ratings: only an address of their own takes them.
  rate: (rating, { feedbackUrl }) => feedbackUrl ? { url: feedbackUrl, body: plainRating(rating) } : null,
}

/** OpenAI's `url_citation`, Perplexity's bare addresses, Open WebUI's `source: { name, url }`, or title and url as they are. */
function toSource(source: unknown): { title?: unknown, url?: unknown } {
  if (typeof source === 'string') return { url: source }
  if (!isObject(source)) return {}
  const inner: JsonObject = [source.url_citation, source.source].find(isObject) ?? source
  return { title: inner.title ?? inner.name ?? inner.document_name, url: inner.url }
}
