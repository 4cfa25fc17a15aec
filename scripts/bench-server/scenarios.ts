import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Customer } from './database'
import { load, type Asked, type Loaded } from './load'
import type { BenchServer } from './server'

/** A line of the report. Times in ms, `cpu` in percent of one core, `queries` a request; null: not measured here. */
export interface Row { name: string, perSecond: number, p50: number, p95: number, p99: number, cpu: number | null, resident: number | null, queries: number | null, wrong: number }
/** `widgets`: a number that held; `held` false where even the smallest one did not. */
export interface Widgets { widgets: number, polls: number, p50: number, p95: number, errors: Record<string, number>, held: boolean }

export const INTERVAL_MS = 2_500
export const P95_LIMIT_MS = 300

export const pollOf = ({ cookie, conversationId }: Customer, after: number, etag?: string): Asked => ({
  method: 'GET',
  path: `/api/chatbot/conversations/${conversationId}/messages?after=${after}`,
  headers: { cookie, ...(etag ? { 'if-none-match': etag } : {}) },
})

const sendOf = ({ cookie, conversationId }: Customer, question: string) => (): Asked => ({
  method: 'POST',
  path: '/api/chatbot/messages',
  headers: { cookie, 'content-type': 'application/json' },
  body: JSON.stringify({ message_text: question, conversation_id: conversationId, client_message_id: randomUUID() }),
})

/** The polls of customers who have everything already. */
export async function idlePolls(origin: string, customers: Customer[]): Promise<Asked[]> {
  return Promise.all(customers.map(async (customer) => {
    const first = pollOf(customer, 2)
    const response = await fetch(origin + first.path, { headers: first.headers })
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`The first poll was answered ${response.status}`)
    return pollOf(customer, 2, response.headers.get('etag')!)
  }))
}

export const sends = (customers: Customer[], question: string) => customers.map(customer => sendOf(customer, question))

/** A question as a customer words it and the FAQs answer: one of theirs, without its last word’s mark and with a greeting. */
export async function answeredQuestion(origin: string, { cookie }: Customer): Promise<string> {
  const faqs = await (await fetch(`${origin}/api/chatbot/faqs`, { headers: { cookie } })).json() as { question: string }[]
  for (const { question } of faqs) {
    const asked = `Hello, ${question.toLowerCase().replace(/\?$/, '')}`
    const response = await fetch(`${origin}/api/chatbot/messages`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify({ message_text: asked }) })
    if ((await response.json() as { faq_matched?: boolean }).faq_matched) return asked
  }
  throw new Error('The FAQs answer none of their own questions')
}
export const bare: Asked = { method: 'GET', path: '/api/bench/bare' }

/** Loads one server with one kind of request and sees what that costs. */
export async function measure(name: string, server: BenchServer, asks: (Asked | (() => Asked))[], options: { seconds: number, status: number, connections?: number }): Promise<Row> {
  await load(server.origin, asks, { ...options, seconds: Math.min(2, options.seconds) })
  const before = { queries: await queriesOf(server), cpu: server.usage().cpu, at: performance.now() }
  const loaded: Loaded = await load(server.origin, asks, options)
  const { cpu, resident } = server.usage()
  const busy = (cpu - before.cpu) / (options.seconds) * 100
  const queries = finite((await queriesOf(server) - before.queries) / loaded.answers)
  return { name, ...loaded, cpu: finite(busy), resident: finite(resident), queries }
}

/** The statements the server has sent so far, by its own count. */
async function queriesOf(server: BenchServer): Promise<number> {
  const text = await (await fetch(`${server.origin}/api/metrics`)).text()
  return [...text.matchAll(/^vasiliasbot_database_statement_seconds_count\{[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

const finite = (value: number) => Number.isFinite(value) ? value : null

/** One try: so many widgets on an interval, and five messages a second beside them. */
export async function openWidgets(origin: string, customers: Customer[], question: string, seconds: number): Promise<Widgets> {
  const child = fork(fileURLToPath(new URL('./widgets.mjs', import.meta.url)), { execArgv: [] })
  const result = new Promise<{ polls: number, p50: number | null, p95: number | null, errors: Record<string, number> }>((resolve, reject) => {
    child.once('message', message => resolve(message as never))
    child.once('exit', code => code ? reject(new Error(`The generator of widgets ended with ${code}`)) : undefined)
  })
  child.send({
    port: Number(new URL(origin).port),
    widgets: customers.map(customer => ({ cookie: customer.cookie, path: pollOf(customer, 2).path })),
    intervalMs: INTERVAL_MS,
    seconds,
    messagesPerSecond: 5,
    question,
  })
  const { polls, p50, p95, errors } = await result
  const held = p95 !== null && p95 < P95_LIMIT_MS && Object.keys(errors).length === 0
  return { widgets: customers.length, polls, p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, errors, held }
}

/** The highest number of open widgets that the server keeps up with, to a step of `customers.length / 16`. */
export async function mostWidgets(origin: string, customers: Customer[], question: string, seconds: number, say: (line: string) => void): Promise<Widgets> {
  const step = Math.max(1, Math.floor(customers.length / 16))
  let good: Widgets | undefined
  let low = 0
  let high = 16
  for (let at = 8; low < high; at = Math.ceil((low + high) / 2)) {
    const tried = await openWidgets(origin, customers.slice(0, at * step), question, seconds)
    say(`${tried.widgets} widgets: p95 ${tried.p95.toFixed(1)} ms${tried.held ? '' : `, too many (${JSON.stringify(tried.errors)})`}`)
    if (tried.held) [good, low] = [tried, at]
    else high = at - 1
    if (!good && high === 0) return tried
  }
  return good!
}
