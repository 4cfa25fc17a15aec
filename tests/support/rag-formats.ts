import type { RagApiFormat } from '#shared/contracts/admin'
import { rag, type RagBehaviour, type RagServer } from './rag-server'

export const formats = ['plain', 'openai', 'dify', 'flowise'] as const satisfies RagApiFormat[]

/** An answer as a service of that format gives it. */
export const bodies: Record<RagApiFormat, (text: string) => Record<string, unknown>> = {
  plain: text => ({ answer: text, sources: [{ title: 'Menu', url: 'https://docs.example/menu' }] }),
  openai: text => ({ id: 'chatcmpl-1', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] }),
  dify: text => ({ event: 'message', id: 'm-1', message_id: 'm-1', conversation_id: 'c-1', mode: 'chat', answer: text, metadata: { retriever_resources: [{ position: 1, document_name: 'menu.md', score: 0.9, content: 'Seasonal menus.' }] } }),
  flowise: text => ({ text, question: 'q', chatId: 'f-1', chatMessageId: 'fm-1', sessionId: 'f-1', sourceDocuments: [{ pageContent: 'Seasonal menus.', metadata: { source: 'menu.pdf' } }] }),
}

/** Where a service of that format listens, on the fake one. */
export const urlOf = (format: RagApiFormat, server: RagServer) => server.origin + { plain: '/ask', openai: '/v1/chat/completions', dify: '/v1/chat-messages', flowise: '/api/v1/prediction/flow-1' }[format]

export const answers = (format: RagApiFormat, text: string): RagBehaviour => rag.json(bodies[format](text))

/** Ways to misbehave that end in the fallback, by name. Times suit a limit of 500 ms. */
export const misbehaviours: Record<string, (format: RagApiFormat) => RagBehaviour> = {
  'resets the connection': () => rag.reset(),
  'cuts the answer off': () => rag.cutOff(),
  'hangs': () => rag.hang(),
  'stalls after the first byte': () => rag.stall(),
  'drips': () => rag.drip(100, 'a slow answer of many bytes'),
  'floods': () => rag.flood(64 * 1024 * 1024),
  'sends a bomb in gzip': () => rag.gzipBomb(64 * 1024 * 1024),
  'redirects to another origin': () => rag.redirect('http://localhost:1/ask'),
  'redirects for ever': () => rag.redirectLoop(),
  'promises more bytes than it sends': () => rag.wrongLength(4000),
  'sends more bytes than it promised': () => rag.wrongLength(9),
  'sends broken JSON': () => rag.brokenJson(),
  'sends a page of HTML': () => rag.html(),
  'sends an array': () => rag.json([]),
  'sends another form': () => rag.json({ surprise: true }),
  'sends an empty object': () => rag.json({}),
  'sends an empty answer': format => answers(format, '  \n'),
  'sends thoughts only': format => answers(format, '<think>Who is asking?</think>'),
  'wraps an error in a 200': () => rag.json({ event: 'error', code: 'provider_error', message: 'no credits' }),
  'aborts in a 200': () => rag.json({ type: 'abort', textResponse: null, error: 'no documents' }),
  'has an error_msg in a 200': format => rag.json({ ...bodies[format]('never shown'), error_msg: 'quota' }),
  'has another code than 0': format => rag.json({ ...bodies[format]('never shown'), code: 514 }),
  'is not HTTP': () => rag.gibberish(),
  'answers 204': () => rag.status(204),
  'answers 401': () => rag.status(401),
  'answers 404': () => rag.status(404),
  'answers 429': () => rag.status(429, undefined, { 'retry-after': '3600' }),
  'answers 500': () => rag.status(500),
  'answers 503': () => rag.status(503),
  'answers too late': format => rag.after(60_000, answers(format, 'too late')),
}
