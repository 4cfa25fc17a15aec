import { setTimeout as pause } from 'node:timers/promises'
import { v7 } from 'uuid'
import type { ChatMessage } from '#shared/contracts/chat'
import type { TestClient, TestResponse } from '../support/api-client'

/** What the server has said yes to, and so may never lose. */
export interface Acknowledged {
  /** client_message_id → text */
  messages: Map<string, string>
  /** message_id → the values in the order they were accepted, and the feedback's id. */
  ratings: Map<string, { feedbackId: string, values: ('up' | 'down')[] }>
  refused: string[]
  /** Everything accepted so far. */
  count: number
}

export interface Customer {
  /** The same customer at each server. */
  clients: TestClient[]
  acknowledged: Acknowledged
}

let asked = 0

/** Sends questions and ratings until told to stop; each again and again until a server acknowledges it, as the widget does. */
export async function chat(customer: Customer, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const clientId = v7()
    const text = `zxqv brimble ${++asked} frobnicate quux`
    const answer = await insist(customer, isOver, client => client.post('/api/chatbot/messages', { message_text: text, client_message_id: clientId, accept_pending: Math.random() < 0.5 }))
    if (!answer) return
    if (answer.status !== 200 && answer.status !== 202) {
      customer.acknowledged.refused.push(`message: ${answer.status} ${answer.text.slice(0, 200)}`)
      continue
    }
    customer.acknowledged.messages.set(clientId, text)
    if (answer.status === 200 && Math.random() < 0.7) await rate(customer, answer.body.id, isOver)
  }
}

async function rate(customer: Customer, messageId: string, isOver: () => boolean): Promise<void> {
  const values = Math.random() < 0.4 ? ['up', 'down'] as const : ['up'] as const
  for (const value of values) {
    const answer = await insist(customer, isOver, client => client.post('/api/chatbot/feedback', { message_id: messageId, value }))
    if (!answer) return
    if (answer.status !== 200) {
      customer.acknowledged.refused.push(`rating: ${answer.status} ${answer.text.slice(0, 200)}`)
      return
    }
    const known = customer.acknowledged.ratings.get(messageId) ?? { feedbackId: answer.body.feedback_id as string, values: [] as ('up' | 'down')[] }
    known.values.push(value)
    customer.acknowledged.ratings.set(messageId, known)
  }
}

/** The same request, at any server, until one answers with something else than "not now". null: it is over. */
async function insist(customer: Customer, isOver: () => boolean, send: (client: TestClient) => Promise<TestResponse>): Promise<TestResponse | null> {
  while (!isOver()) {
    const { clients } = customer
    const answer = await send(clients[Math.floor(Math.random() * clients.length)]!).catch(() => null)
    if (answer && answer.status < 500) {
      customer.acknowledged.count++
      return answer
    }
    await pause(50)
  }
  return null
}

/** Every message of the customer, through the API. */
export async function readEverything(client: TestClient): Promise<ChatMessage[]> {
  const all: ChatMessage[] = []
  for (const { id } of (await client.get('/api/chatbot/conversations?limit=100')).body) {
    for (let after = 0; ;) {
      const { body } = await client.get(`/api/chatbot/conversations/${id}/messages?after=${after}&limit=100`)
      all.push(...body)
      if (body.length < 100) break
      after = body.at(-1).seq
    }
  }
  return all
}
