import { describe, expect, it } from 'vitest'
import { adapters } from '#server/services/answering/rag/adapters/by-format'
import type { RagQuestion, RagRating, RagSettings } from '#server/services/answering/rag/rag-client'
import type { RagApiFormat } from '#shared/contracts/admin'

const question: RagQuestion = { conversationId: 'conv', messageId: 'msg', customerId: 'cust', text: 'And on Sundays?', history: [{ sender: 'customer', text: 'Are you open?' }, { sender: 'bot', text: 'Yes.' }], remoteConversationId: null }
const rating: RagRating = { feedbackId: 'f', version: 2, messageId: 'msg', conversationId: 'conv', customerId: 'cust', value: 'down', comment: 'No.', timestamp: '2026-11-22T10:00:00.000Z', remote: { conversationId: 'rc', messageId: 'rm' } }
const settings = (format: RagApiFormat, url: string, more: Partial<RagSettings> = {}): RagSettings => ({ format, url, key: null, feedbackUrl: null, model: 'llama', systemPrompt: 'Be brief.', timeoutMs: 500, maxInFlight: 1, ...more })
const ask = (format: RagApiFormat, url: string, more: Partial<RagQuestion> = {}) => adapters[format].ask({ ...question, ...more }, settings(format, url))
const rate = (format: RagApiFormat, url: string, more: Partial<RagRating> = {}, feedbackUrl: string | null = null) => adapters[format].rate({ ...rating, ...more }, settings(format, url, { feedbackUrl }))

describe('plain', () => {
  it('asks as the contract says', () => {
    expect(ask('plain', 'http://rag/ask')).toEqual({ url: 'http://rag/ask', body: { conversation_id: 'conv', message_id: 'msg', text: 'And on Sundays?', customer_id: 'cust', history: question.history } })
  })

  it.each(['answer', 'text', 'response'])('understands %s', (name) => {
    expect(adapters.plain.read(200, JSON.stringify({ [name]: 'Yes.', sources: [{ title: 'A' }, null, 7, { url: 'https://x.example' }] }))).toMatchObject({ kind: 'answer', text: 'Yes.', citations: [{ title: 'A', url: null }, { title: null, url: 'https://x.example' }] })
  })

  it.each([[404, '{}'], [204, ''], [200, '{"answer":""}'], [200, '{"answer":null}']])('takes %s %s for "I don’t know"', (status, body) => {
    expect(adapters.plain.read(status, body)).toEqual({ kind: 'unknown' })
  })

  it('delivers ratings beside the address, or where the operator says', () => {
    const body = { feedback_id: 'f', message_id: 'msg', conversation_id: 'conv', customer_id: 'cust', value: 'down', comment: 'No.', timestamp: '2026-11-22T10:00:00.000Z' }
    expect(rate('plain', 'http://rag/ask/?tenant=1')).toEqual({ url: 'http://rag/ask/feedback?tenant=1', body })
    expect(rate('plain', 'http://rag/ask', {}, 'http://other/rate')).toEqual({ url: 'http://other/rate', body })
  })
})

describe('openai', () => {
  it.each([['http://vllm:8000', 'http://vllm:8000/v1/chat/completions'], ['http://vllm:8000/v1/', 'http://vllm:8000/v1/chat/completions'], ['https://webui/api/chat/completions', 'https://webui/api/chat/completions']])('asks %s at %s', (given, url) => {
    expect(ask('openai', given)).toEqual({ url, body: {
      model: 'llama', stream: false, user: 'cust',
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Are you open?' }, { role: 'assistant', content: 'Yes.' }, { role: 'user', content: 'And on Sundays?' }],
    } })
  })

  it('reads text in parts and the sources of several servers', () => {
    const body = { choices: [{ message: { content: [{ type: 'text', text: 'Yes' }, { type: 'text', text: '.' }], annotations: [{ type: 'url_citation', url_citation: { title: 'A', url: 'https://a.example' } }] } }], citations: ['https://b.example'], sources: [{ source: { name: 'C' } }] }
    expect(adapters.openai.read(200, JSON.stringify(body))).toMatchObject({ kind: 'answer', text: 'Yes.', citations: [{ title: 'A', url: 'https://a.example' }, { title: null, url: 'https://b.example' }, { title: 'C', url: null }] })
  })

  it.each([[404, '{"error":{"message":"model not found"}}'], [200, '{"error":{"message":"model not found"}}']])('takes %s %s for a failure and keeps the words for the admin', (status, body) => {
    expect(adapters.openai.read(status, body)).toMatchObject({ kind: 'failed', detail: 'model not found' })
  })

  it('has a place for ratings only at an address of their own', () => {
    expect(rate('openai', 'http://vllm/v1')).toBeNull()
    expect(rate('openai', 'http://vllm/v1', {}, 'http://other/rate')).toMatchObject({ url: 'http://other/rate', body: { feedback_id: 'f' } })
  })
})

describe('dify', () => {
  it('asks in blocking mode and goes on with the conversation that Dify named', () => {
    const body = { inputs: {}, query: 'And on Sundays?', response_mode: 'blocking', conversation_id: '', user: 'cust', auto_generate_name: false }
    expect(ask('dify', 'https://api.dify.ai/v1')).toEqual({ url: 'https://api.dify.ai/v1/chat-messages', body })
    expect(ask('dify', 'https://api.dify.ai/v1/chat-messages', { remoteConversationId: 'rc' })).toEqual({ url: 'https://api.dify.ai/v1/chat-messages', body: { ...body, conversation_id: 'rc' } })
  })

  it('rates under the same user, and takes back with null', () => {
    expect(rate('dify', 'https://api.dify.ai/v1')).toEqual({ url: 'https://api.dify.ai/v1/messages/rm/feedbacks', body: { rating: 'dislike', user: 'cust', content: 'No.' } })
    expect(rate('dify', 'https://api.dify.ai/v1/chat-messages', { value: null, comment: null })).toEqual({ url: 'https://api.dify.ai/v1/messages/rm/feedbacks', body: { rating: null, user: 'cust', content: '' } })
    expect(rate('dify', 'https://api.dify.ai/v1', { remote: null })).toBeNull()
  })
})

describe('flowise', () => {
  const url = 'http://flow/api/v1/prediction/flow-1'
  it('asks under our conversation’s id as the session', () => {
    expect(ask('flowise', url)).toEqual({ url, body: { question: 'And on Sundays?', chatId: 'conv', overrideConfig: { sessionId: 'conv' }, streaming: false } })
  })

  it('rates the message that Flowise named; it has no way to take a rating back', () => {
    expect(rate('flowise', url)).toEqual({ url: 'http://flow/api/v1/feedback', body: { chatflowid: 'flow-1', chatId: 'rc', messageId: 'rm', rating: 'THUMBS_DOWN', content: 'No.' } })
    expect(rate('flowise', url, { value: null })).toBeNull()
  })
})
