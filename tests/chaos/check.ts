import { setTimeout as pause } from 'node:timers/promises'
import type { ChatMessage } from '#shared/contracts/chat'
import type { TestClient } from '../support/api-client'
import type { RagServer } from '../support/rag-server'
import { readEverything, type Customer } from './load'

export interface Verdict {
  messages: number
  stored: number
  replies: Record<string, number>
  ratings: number
  deliveries: { attempts: number, keys: number }
  drainedMs: number
  kills?: number
  /** What should not be; empty when all is well. */
  wrong: string[]
}

interface Found { admin: TestClient, customers: Customer[], service: RagServer, drainMs: number }

/** Waits until nothing is pending any more, then counts. */
export async function check({ admin, customers, service, drainMs }: Found): Promise<Verdict> {
  const wrong: string[] = []
  const drainedMs = await drain(admin, drainMs, wrong)
  const verdict = { messages: 0, stored: 0, replies: {} as Record<string, number>, ratings: 0, drainedMs, wrong }
  for (const { clients, acknowledged } of customers) {
    const all = await readEverything(clients[0]!)
    wrong.push(...acknowledged.refused)
    checkMessages(all, acknowledged.messages, wrong)
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
    const { body } = await admin.get('/api/admin/rag/status')
    if (body.outbox.pending === 0 && body.pending_questions === 0) return Math.round(performance.now() - started)
    if (performance.now() - started > drainMs) {
      wrong.push(`after ${drainMs} ms there are ${body.pending_questions} pending questions and ${body.outbox.pending} ratings in the outbox`)
      return drainMs
    }
    await pause(200)
  }
}

function checkMessages(all: ChatMessage[], acknowledged: Map<string, string>, wrong: string[]): void {
  const byClientId = group(all.filter(message => message.client_message_id), message => message.client_message_id!)
  for (const [clientId, text] of acknowledged) {
    const found = byClientId.get(clientId) ?? []
    if (found.length !== 1 || found[0]!.text !== text) wrong.push(`message ${clientId} is stored ${found.length} times`)
  }
  const replies = group(all.filter(message => message.reply_to), message => message.reply_to!)
  for (const question of all.filter(message => message.sender === 'customer')) {
    const count = replies.get(question.id)?.length ?? 0
    if (count !== 1) wrong.push(`question ${question.id} has ${count} replies`)
    if (question.pending) wrong.push(`question ${question.id} is still pending`)
  }
  all.forEach((message, index) => {
    if (message.seq !== index + 1) wrong.push(`seq ${message.seq} stands at place ${index + 1}`)
  })
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
