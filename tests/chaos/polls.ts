import { setTimeout as pause } from 'node:timers/promises'
import type { ChatMessage } from '#shared/contracts/chat'
import type { TestResponse } from '../support/api-client'
import type { Customer, Load } from './load'

/** A poll elsewhere may say "nothing new" for two seconds after the change (docs/decisions/0022); and one for the road to here. */
const MAY_LAG_MS = 3_000
const LIMIT = 100

type Seen = Pick<ChatMessage, 'id' | 'seq' | 'sender' | 'text'>

/**
 * Polls as the widget does, at any server, and holds every answer against what was seen before: nobody else's message,
 * `seq` without a gap and never back, nothing changed or gone, nothing accepted missing.
 */
export async function watch(customer: Customer, others: Customer[], load: Load): Promise<void> {
  const { traffic, random, isOver } = load
  const seen: Seen[] = []
  let etag: { value: string, after: number } | undefined
  while (!isOver()) {
    await pause(150 + random() * 200)
    const { conversationId } = customer
    if (!conversationId) continue
    const client = random.pick(customer.clients)
    if (random() < 0.02) await lookOverTheFence(client, random.pick(others), load)
    // Mostly for what is new, now and then for what is known already.
    const after = random() < 0.1 ? random.below(seen.length + 1) : seen.length
    const told = { ...customer.told }
    const askedAt = performance.now()
    const answer = await client.get(`/api/chatbot/conversations/${conversationId}/messages?after=${after}&limit=${LIMIT}`, etag?.after === after ? { 'if-none-match': etag.value } : {}).catch(() => null)
    if (!traffic.isFinal(answer, 'poll')) continue
    traffic.polls++
    if (answer.status === 304) {
      traffic.unchangedPolls++
      if (told.seq > seen.length && askedAt - told.at > MAY_LAG_MS) traffic.complain(`a poll of ${customer.tag} was told that nothing is new after ${seen.length}, ${Math.round(askedAt - told.at)} ms after seq ${told.seq} was accepted`)
      continue
    }
    const complaint = compare(answer, { after, seen, told: told.seq, customer })
    if (complaint) traffic.complain(`a poll of ${customer.tag} after ${after}: ${complaint}`)
    const value = answer.headers.get('etag')
    etag = value ? { value, after } : undefined
  }
}

interface Known { after: number, seen: Seen[], told: number, customer: Customer }

/** Adds what is new to `seen`; says what is wrong, or null. */
function compare({ status, body, text }: TestResponse, { after, seen, told, customer }: Known): string | null {
  if (status !== 200) return `${status} ${text.slice(0, 200)}`
  const messages = body as ChatMessage[]
  for (const [index, message] of messages.entries()) {
    if (message.seq !== after + index + 1) return `seq ${message.seq} stands at place ${after + index + 1}`
    const before = seen[message.seq - 1]
    if (before && (before.id !== message.id || before.text !== message.text || before.sender !== message.sender)) return `seq ${message.seq} was ${before.id} and is ${message.id}`
    if (!isOwn(message, customer)) return `seq ${message.seq} (${message.id}) is not theirs: ${message.text.slice(0, 80)}`
    if (!before) seen.push({ id: message.id, seq: message.seq, sender: message.sender, text: message.text })
  }
  const last = after + messages.length
  const expected = Math.min(Math.max(told, seen.length), after + LIMIT)
  return last < expected ? `it ends at seq ${last}, and ${expected} had been given or accepted` : null
}

/** Questions carry the customer's tag, and so do the answers from the documents; the others say the same to everybody. */
const isOwn = ({ sender, source, text, client_message_id }: ChatMessage, { tag, sent }: Customer) =>
  sender === 'customer' ? text.includes(`${tag} `) && sent.has(client_message_id!) : source !== 'rag' || text.includes(`${tag} `)

/** Somebody else's conversation is not there for this customer. */
async function lookOverTheFence(client: Customer['clients'][number], other: Customer, { traffic }: Load): Promise<void> {
  if (!other.conversationId) return
  const answer = await client.get(`/api/chatbot/conversations/${other.conversationId}/messages`).catch(() => null)
  if (traffic.isFinal(answer, 'poll') && answer.status !== 404) traffic.complain(`somebody else's conversation was answered with ${answer.status}`)
}
