import type { BotReply, ChatFaq, ChatMessage, CustomerChatConfig } from '#shared/contracts/chat'
import type { ErrorCode } from '#shared/contracts/errors'

interface Conversation { id: string, status: 'active' | 'closed', version: number, messages: ChatMessage[] }
interface Call { method: string, path: string, query: URLSearchParams, body: Record<string, unknown>, headers: Headers }
interface Sent { message_text: string, conversation_id?: string | null, client_message_id: string }
type Answer = Response | Error | Promise<Response | Error>

const json = (data: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/json', ...headers } })

/** An error as the contract writes it. */
export const refusal = (status: number, code: ErrorCode, headers: Record<string, string> = {}) => json({ error: `Refused with ${code}.`, code, request_id: 'test' }, status, headers)

/** The chat's API in memory: keeps the contract, counts calls, and misbehaves on demand. For stores and components without a server. */
export function createChatServer() {
  const conversations: Conversation[] = []
  const calls: Call[] = []
  const faults: { method: string, path: RegExp, answer: () => Answer }[] = []
  let ids = 0
  const nextId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`
  const server = {
    calls,
    conversations,
    faqs: [{ id: nextId(), question: 'How much does it cost?', answer: 'From 4,900 euros.', order: 1 }, { id: nextId(), question: 'Can we bring a dog?', answer: 'Yes.', order: 2 }] as ChatFaq[],
    config: { polling_interval_ms: 500, fallback_message: 'Not sure.', bot_name: 'VasiliasBot', greeting: 'Hello.', contact_email: null, accent_color: null } as CustomerChatConfig,
    /** Who answers: sent with each list of messages. */
    handling: 'bot' as 'bot' | 'waiting' | 'person',
    /** `X-Poll-After-Ms` of each list of messages; null leaves it out. */
    pollAfterMs: null as number | null,
    /** What the bot says; null leaves the question pending (202). */
    answer: (text: string): string | null => `You said: ${text}`,
    active: () => conversations.find(item => item.status === 'active'),
    /** The next request of this kind gets this instead. */
    failNext(method: string, path: RegExp, answer: () => Answer) {
      faults.push({ method, path, answer })
    },
    count: (method: string, path: RegExp) => calls.filter(call => call.method === method && path.test(call.path)).length,
    begin(messages: Partial<ChatMessage>[] = []) {
      const conversation: Conversation = { id: nextId(), status: 'active', version: 1, messages: [] }
      conversations.unshift(conversation)
      for (const message of messages) server.add(conversation, message)
      return conversation
    },
    add(conversation: Conversation, message: Partial<ChatMessage>): ChatMessage {
      const added: ChatMessage = { id: nextId(), sender: 'bot', text: 'Hello.', timestamp: new Date(1_750_000_000_000 + conversation.messages.length * 1000).toISOString(), seq: conversation.messages.length + 1, ...message }
      conversation.messages.push(added)
      conversation.version++
      return added
    },
    /** Answers a pending question, as a late RAG answer does. */
    answerLate(question: ChatMessage, text: string) {
      const conversation = conversations.find(item => item.messages.includes(question))!
      delete question.pending
      return server.add(conversation, { text, reply_to: question.id, source: 'rag' })
    },
    transport: async (url: string, init: RequestInit): Promise<Response> => {
      const { pathname, searchParams } = new URL(url, 'http://localhost')
      const call: Call = { method: init.method ?? 'GET', path: pathname.replace('/api/chatbot', ''), query: searchParams, body: init.body ? JSON.parse(String(init.body)) as Record<string, unknown> : {}, headers: new Headers(init.headers) }
      calls.push(call)
      if (init.signal?.aborted) throw new DOMException('Aborted', 'AbortError')
      const at = faults.findIndex(fault => fault.method === call.method && fault.path.test(call.path))
      const answer = at >= 0 ? await faults.splice(at, 1)[0]!.answer() : handle(call)
      if (answer instanceof Error) throw answer
      return answer
    },
  }

  function replyOf(question: ChatMessage, conversation: Conversation): Response {
    const reply = conversation.messages.find(message => message.reply_to === question.id)
    if (!reply) return json({ conversation_id: conversation.id, question }, 202)
    const full: BotReply = { faq_id: null, suggestions: [], citations: [], ...reply, sender: 'bot', reply_to: question.id, source: reply.source ?? 'faq', message_id: reply.id, conversation_id: conversation.id, faq_matched: true, feedback: reply.feedback ?? null }
    return json(full)
  }

  function send(body: Sent): Response {
    for (const conversation of conversations) {
      const known = conversation.messages.find(message => message.client_message_id === body.client_message_id)
      if (known) return replyOf(known, conversation)
    }
    const named = conversations.find(item => item.id === body.conversation_id)
    if (body.conversation_id && !named) return refusal(404, 'NOT_FOUND')
    if (named?.status === 'closed') return refusal(409, 'CONFLICT')
    const conversation = named ?? server.active() ?? server.begin()
    const text = server.answer(body.message_text)
    const question = server.add(conversation, { sender: 'customer', text: body.message_text, client_message_id: body.client_message_id, ...(text === null ? { pending: true as const } : {}) })
    if (text !== null) server.add(conversation, { text, reply_to: question.id, source: 'faq' })
    return replyOf(question, conversation)
  }

  function list(conversation: Conversation, call: Call): Response {
    const before = call.query.get('before')
    const after = Number(call.query.get('after') ?? 0)
    const limit = Number(call.query.get('limit') ?? 100)
    const headers: Record<string, string> = { 'etag': `"v${conversation.version}"`, 'x-conversation-status': conversation.status, 'x-conversation-handling': server.handling, ...(server.pollAfterMs ? { 'x-poll-after-ms': String(server.pollAfterMs) } : {}) }
    if (call.headers.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
    const matching = before ? conversation.messages.filter(message => message.seq < Number(before)).slice(-limit) : conversation.messages.filter(message => message.seq > after).slice(0, limit)
    if (!before && matching.length && matching.at(-1)!.seq < conversation.messages.length) headers.link = `</next>; rel="next"`
    return json(matching, 200, headers)
  }

  function rate(body: { message_id: string, value: 'up' | 'down' | null, comment?: string }): Response {
    const conversation = conversations.find(item => item.messages.some(message => message.id === body.message_id))
    if (!conversation) return refusal(404, 'NOT_FOUND')
    const message = conversation.messages.find(item => item.id === body.message_id)!
    conversation.version++
    const id = nextId()
    message.feedback = body.value ? { id, value: body.value, comment: body.comment ?? null } : undefined
    return json({ success: true, feedback_id: body.value ? id : null })
  }

  function handle(call: Call): Response {
    const [, noun, id, verb] = call.path.split('/')
    const conversation = conversations.find(item => item.id === id)
    if (noun === 'messages') return send(call.body as unknown as Sent)
    if (noun === 'feedback') return rate(call.body as { message_id: string, value: 'up' | 'down' | null })
    if (noun === 'config') return json(server.config)
    if (noun === 'faqs') return json(server.faqs, 200, { etag: '"faqs"' })
    if (noun === 'conversations' && call.method === 'DELETE') return json({ deleted: conversations.splice(0).length })
    if (noun === 'conversations' && !id) return json(conversations.filter(item => item.status === (call.query.get('status') ?? 'active')).map(item => ({ id: item.id, status: item.status, started_at: '2026-01-01T00:00:00.000Z', ended_at: null, message_count: item.messages.length, last_message_at: null })))
    if (!conversation) return refusal(404, 'NOT_FOUND')
    if (verb === 'messages') return list(conversation, call)
    if (verb === 'close') {
      conversation.status = 'closed'
      conversation.version++
      return json({ id, status: 'closed', ended_at: '2026-01-01T00:00:00.000Z' })
    }
    if (verb === 'transcript') return refusal(503, 'UNAVAILABLE')
    return refusal(404, 'NOT_FOUND')
  }

  return server
}

export type ChatServer = ReturnType<typeof createChatServer>
