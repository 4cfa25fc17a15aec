import { setTimeout as pause } from 'node:timers/promises'
import { v7 } from 'uuid'
import type { ChatMessage } from '#shared/contracts/chat'
import type { TestClient, TestResponse } from '../support/api-client'
import { signIn } from '../support/app-server'
import { getPatiently } from './patiently'
import type { Random } from './random'
import type { Traffic } from './traffic'

/** What the server has said yes to, and so may never lose. */
export interface Acknowledged {
  /** client_message_id → its text, and the id of the reply where one was given. */
  messages: Map<string, { text: string, replyId: string | null }>
  /** message_id → the values in the order they were accepted, and the feedback's id. */
  ratings: Map<string, { feedbackId: string, values: ('up' | 'down')[] }>
}

export interface Customer {
  /** In every text of theirs. */
  tag: string
  /** The same customer at each server. */
  clients: TestClient[]
  acknowledged: Acknowledged
  /** Every client id they have sent, accepted or not. */
  sent: Set<string>
  /** null: nothing accepted yet. */
  conversationId: string | null
  /** The highest `seq` that an answer has told of, and when (`performance.now()`). */
  told: { seq: number, at: number }
}

/** The FAQs of a new database answer these. */
const FAQ_QUESTIONS = ['What happens if it rains?', 'How do I book a wedding package?', 'What is included in a package?', 'Do you cater for vegetarians, vegans and allergies?', 'How many guests can you host?', 'Can we taste the menu beforehand?']
const FAQ_SHARE = 0.4
const RESEND_SHARE = 0.05

/** Registers so many customers and signs each in at every server. */
export async function signInEverywhere(origins: string[], count: number): Promise<Customer[]> {
  return Promise.all(Array.from({ length: count }, async (_, n) => {
    const account = { email: `chaos-${n}@example.com`, name: `Customer ${n}` }
    const clients: TestClient[] = []
    for (const origin of origins) clients.push(await signIn(origin, account))
    return { tag: `c${n}x`, clients, acknowledged: { messages: new Map(), ratings: new Map() }, sent: new Set<string>(), conversationId: null, told: { seq: 0, at: 0 } }
  }))
}

export interface Load { traffic: Traffic, random: Random, isOver: () => boolean }

/** Sends questions and ratings until told to stop; each again and again until a server acknowledges it, as the widget does. */
export async function chat(customer: Customer, load: Load): Promise<void> {
  const { traffic, random, isOver } = load
  for (let n = 1; !isOver(); n++) {
    const known = [...customer.acknowledged.messages.keys()]
    const again = known.length > 0 && random() < RESEND_SHARE ? random.pick(known) : null
    const clientId = again ?? v7()
    const text = again ? customer.acknowledged.messages.get(again)!.text : question(customer, n, random)
    customer.sent.add(clientId)
    const answer = await insist(customer, load, 'message', client => client.post('/api/chatbot/messages', { message_text: text, client_message_id: clientId, accept_pending: random() < 0.5 }))
    if (!answer) return
    if (answer.status !== 200 && answer.status !== 202) {
      traffic.complain(`message: ${answer.status} ${answer.text.slice(0, 200)}`)
      continue
    }
    if (again) traffic.resent++
    keep(customer, clientId, text, answer, traffic)
    if (answer.status === 200 && !again && random() < 0.6) await rate(customer, answer.body.id, load)
  }
}

const question = (customer: Customer, n: number, random: Random) => random() < FAQ_SHARE ? `${random.pick(FAQ_QUESTIONS)} (${customer.tag} ${n})` : `zxqv brimble ${customer.tag} ${n} frobnicate quux`

function keep(customer: Customer, clientId: string, text: string, { status, body }: TestResponse, traffic: Traffic): void {
  const replyId = status === 200 ? body.id as string : null
  const before = customer.acknowledged.messages.get(clientId)?.replyId
  if (before && replyId && before !== replyId) traffic.complain(`message ${clientId} got two replies, ${before} and ${replyId}`)
  customer.acknowledged.messages.set(clientId, { text, replyId: replyId ?? before ?? null })
  customer.conversationId = body.conversation_id
  const seq: number = status === 200 ? body.seq : body.question.seq
  if (seq > customer.told.seq) customer.told = { seq, at: performance.now() }
}

async function rate(customer: Customer, messageId: string, load: Load): Promise<void> {
  const values = load.random() < 0.4 ? ['up', 'down'] as const : ['up'] as const
  for (const value of values) {
    const answer = await insist(customer, load, 'rating', client => client.post('/api/chatbot/feedback', { message_id: messageId, value }))
    if (!answer) return
    if (answer.status !== 200) return load.traffic.complain(`rating: ${answer.status} ${answer.text.slice(0, 200)}`)
    const known = customer.acknowledged.ratings.get(messageId) ?? { feedbackId: answer.body.feedback_id as string, values: [] as ('up' | 'down')[] }
    known.values.push(value)
    customer.acknowledged.ratings.set(messageId, known)
  }
}

/** The same request, at any server, until one answers with something else than "not now". null: it is over. */
async function insist(customer: Customer, { traffic, random, isOver }: Load, what: string, send: (client: TestClient) => Promise<TestResponse>): Promise<TestResponse | null> {
  for (let tries = 0; !isOver(); tries++) {
    if (tries) traffic.retries++
    const answer = await send(random.pick(customer.clients)).catch(() => null)
    if (traffic.isFinal(answer, what)) {
      traffic.accept()
      return answer
    }
    await pause(50)
  }
  return null
}

/** Every message of the customer, through the API. */
export async function readEverything(client: TestClient): Promise<ChatMessage[]> {
  const all: ChatMessage[] = []
  for (const { id } of (await getPatiently(client, '/api/chatbot/conversations?limit=100')).body) {
    for (let after = 0; ;) {
      const { body } = await getPatiently(client, `/api/chatbot/conversations/${id}/messages?after=${after}&limit=100`)
      all.push(...body)
      if (body.length < 100) break
      after = body.at(-1).seq
    }
  }
  return all
}
