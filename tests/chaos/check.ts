import { setTimeout as pause } from 'node:timers/promises'
import type { ChatMessage } from '#shared/contracts/chat'
import type { TestClient } from '../support/api-client'
import type { RagServer } from '../support/rag-server'
import { readEverything, type Acknowledged, type Customer } from './load'
import { getPatiently } from './patiently'
import type { Traffic } from './traffic'

export interface Verdict {
  /** Acknowledged messages. */
  messages: number
  /** Questions in the histories: those that were acknowledged, and those whose "yes" was lost on the way. */
  stored: number
  /** Stored more often than once. */
  doubled: number
  /** Acknowledged and not there. */
  lost: number
  replies: Record<string, number>
  ratings: number
  deliveries: { attempts: number, keys: number }
  drainedMs: number
  /** What should not be; empty when all is well. */
  wrong: string[]
}

interface Found { admin: TestClient, customers: Customer[], service: RagServer, traffic: Traffic, drainMs: number }

/** Waits until nothing is pending any more, then counts. */
export async function check({ admin, customers, service, traffic, drainMs }: Found): Promise<Verdict> {
  const { wrong } = traffic
  const verdict = { messages: 0, stored: 0, doubled: 0, lost: 0, replies: {} as Record<string, number>, ratings: 0, drainedMs: await drain(admin, drainMs, wrong), wrong }
  for (const { clients, acknowledged } of customers) {
    const all = await readEverything(clients[0]!)
    const { lost, doubled } = checkMessages(all, acknowledged.messages, wrong)
    verdict.lost += lost
    verdict.doubled += doubled
    verdict.messages += acknowledged.messages.size
    verdict.stored += all.filter(message => message.sender === 'customer').length
    for (const reply of all) if (reply.source) verdict.replies[reply.source] = (verdict.replies[reply.source] ?? 0) + 1
    verdict.ratings += [...acknowledged.ratings.values()].reduce((sum, { values }) => sum + values.length, 0)
  }
  return { ...verdict, deliveries: checkRatings(customers, service, wrong) }
}

async function drain(admin: TestClient, drainMs: number, wrong: string[]): Promise<number> {
  const started = performance.now()
  for (;;) {
    const { body } = await getPatiently(admin, '/api/admin/rag/status')
    if (body.outbox.pending === 0 && body.pending_questions === 0) {
      if (body.outbox.given_up) wrong.push(`${body.outbox.given_up} ratings were given up`)
      return Math.round(performance.now() - started)
    }
    if (performance.now() - started > drainMs) {
      wrong.push(`after ${drainMs} ms there are ${body.pending_questions} pending questions and ${body.outbox.pending} ratings in the outbox`)
      return drainMs
    }
    await pause(200)
  }
}

function checkMessages(all: ChatMessage[], acknowledged: Acknowledged['messages'], wrong: string[]): { lost: number, doubled: number } {
  let lost = 0
  let doubled = 0
  const byClientId = group(all.filter(message => message.client_message_id), message => message.client_message_id!)
  const replies = group(all.filter(message => message.reply_to), message => message.reply_to!)
  for (const [clientId, { text, replyId }] of acknowledged) {
    const [found, ...more] = byClientId.get(clientId) ?? []
    if (!found) {
      lost++
      wrong.push(`message ${clientId} was accepted and is not there`)
      continue
    }
    if (more.length) doubled++
    if (more.length || found.text !== text) wrong.push(`message ${clientId} is stored ${more.length + 1} times, as ${found.text}`)
    if (replyId && replies.get(found.id)?.[0]?.id !== replyId) wrong.push(`message ${clientId} was answered with ${replyId}, and ${replies.get(found.id)?.[0]?.id ?? 'nothing'} is there`)
  }
  for (const question of all.filter(message => message.sender === 'customer')) {
    const count = replies.get(question.id)?.length ?? 0
    if (count !== 1) wrong.push(`question ${question.id} has ${count} replies`)
    if (question.pending) wrong.push(`question ${question.id} is still pending`)
  }
  all.forEach((message, index) => {
    if (message.seq !== index + 1) wrong.push(`seq ${message.seq} stands at place ${index + 1}`)
  })
  return { lost, doubled }
}

interface Delivered { feedback_id: string, message_id: string, value: string | null }

/** Every accepted value arrived, in order (repeats under the same key aside), and one key never meant two things. */
function checkRatings(customers: Customer[], service: RagServer, wrong: string[]): Verdict['deliveries'] {
  const arrivals = service.requests.filter(request => request.path === '/ask/feedback').map(request => ({ key: String(request.headers['idempotency-key']), body: request.body as Delivered }))
  const keys = new Map<string, string>()
  const versions = new Map<string, { value: string | null, version: number }[]>()
  for (const { key, body } of arrivals) {
    const said = JSON.stringify(body)
    if (keys.has(key)) {
      if (keys.get(key) !== said) wrong.push(`key ${key} came with two bodies`)
      continue
    }
    keys.set(key, said)
    const [feedbackId, version] = key.split(':')
    const before = versions.get(feedbackId!) ?? []
    if (before.length && before.at(-1)!.version >= Number(version)) wrong.push(`version ${version} of ${feedbackId} came after version ${before.at(-1)!.version}`)
    versions.set(feedbackId!, [...before, { value: body.value, version: Number(version) }])
  }
  for (const { acknowledged } of customers) {
    for (const [messageId, { feedbackId, values }] of acknowledged.ratings) {
      const arrived = (versions.get(feedbackId) ?? []).map(({ value }) => value)
      // A rating whose answer was lost may have been stored as well: what was accepted has to be there, in its order.
      if (arrived.slice(-values.length).join() !== values.join() && arrived.slice(0, values.length).join() !== values.join()) wrong.push(`ratings of ${messageId}: accepted ${values.join()}, arrived ${arrived.join() || 'none'}`)
    }
  }
  return { attempts: arrivals.length, keys: keys.size }
}

function group<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item])
  return groups
}
