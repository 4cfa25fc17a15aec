import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Customer } from './database'
import { load, type Asked, type Loaded } from './load'
import type { BenchServer } from './server'

/** Processor time of a request, in ms: of the server, of PostgreSQL, of whoever asks; null: not to be seen from here. */
export interface Cost { server: number | null, database: number | null, generator: number }
/** A line of the report. Times in ms, `cpu` in percent of one core, `queries` a request; null: not measured here. */
export interface Row { name: string, perSecond: number, p50: number, p95: number, p99: number, cpu: number | null, resident: number | null, queries: number | null, wrong: number, cost: Cost }
/** `widgets`: how many; `held`: quickly enough, and nothing wrong. `generator`: percent of a core, and how late it was itself (p99, ms). */
export interface Widgets { widgets: number, seconds: number, polls: number, p50: number, p95: number, p99: number, openingP95: number, errors: Record<string, number>, cpu: number | null, generator: { cpuPercent: number, delayP99: number }, held: boolean }

export const INTERVAL_MS = 2_500
export const P95_LIMIT_MS = 300
/** New widgets a second until all are open. */
export const OPENING_PER_SECOND = 400
/** A session in the server's memory is looked up anew within 30 s: what held must hold for longer than that. */
const CONFIRM_SECONDS = 45

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

/** Loads one server with one kind of request and sees what that costs, to the database too where `databaseCpu` can tell. */
export async function measure(name: string, server: BenchServer, asks: (Asked | (() => Asked))[], { databaseCpu, ...options }: { seconds: number, status: number, connections?: number, databaseCpu?: () => Promise<number> }): Promise<Row> {
  await load(server.origin, asks, { ...options, seconds: Math.min(2, options.seconds) })
  const now = async () => ({ queries: await queriesOf(server), server: server.usage().cpu, database: await databaseCpu?.() ?? Number.NaN, generator: process.cpuUsage() })
  const before = await now()
  const loaded: Loaded = await load(server.origin, asks, options)
  const after = await now()
  const used = after.server - before.server
  const each = (seconds: number) => finite(seconds * 1000 / loaded.answers)
  const generator = (after.generator.user - before.generator.user + after.generator.system - before.generator.system) / 1e6
  return {
    name,
    ...loaded,
    cpu: finite(used / options.seconds * 100),
    resident: finite(server.usage().resident),
    queries: finite((after.queries - before.queries) / loaded.answers),
    cost: { server: each(used), database: each(after.database - before.database), generator: each(generator)! },
  }
}

/** The statements the server has sent so far, by its own count. */
async function queriesOf(server: BenchServer): Promise<number> {
  const text = await (await fetch(`${server.origin}/api/metrics`)).text()
  return [...text.matchAll(/^vasiliasbot_database_statement_seconds_count\{[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

const finite = (value: number) => Number.isFinite(value) ? value : null

/** One try: so many widgets on an interval, and five messages a second beside them. */
export async function openWidgets(server: BenchServer, customers: Customer[], question: string, seconds: number): Promise<Widgets> {
  const before = server.usage().cpu
  const began = performance.now()
  const result = await inChild<Omit<Widgets, 'widgets' | 'seconds' | 'held' | 'cpu'>>('./widgets.mjs', {
    port: portOf(server),
    widgets: customers.map(customer => ({ cookie: customer.cookie, path: pollOf(customer, 2).path })),
    intervalMs: INTERVAL_MS,
    openingPerSecond: OPENING_PER_SECOND,
    seconds,
    messagesPerSecond: 5,
    question,
  })
  const cpu = finite((server.usage().cpu - before) / (performance.now() - began) * 1e5)
  return { widgets: customers.length, seconds, ...result, cpu, held: result.p95 !== null && result.p95 < P95_LIMIT_MS && Object.keys(result.errors).length === 0 }
}

/**
 * The highest number of open widgets that the server keeps up with, to a step of `customers.length / 16`; what short tries
 * find is tried for longer, and a step less where it does not hold.
 */
export async function mostWidgets(server: BenchServer, customers: Customer[], question: string, seconds: number, say: (line: string) => void): Promise<Widgets> {
  const step = Math.max(1, Math.floor(customers.length / 16))
  const attempt = async (steps: number, forSeconds: number) => {
    const tried = await openWidgets(server, customers.slice(0, steps * step), question, forSeconds)
    say(`${tried.widgets} widgets, ${forSeconds} s: p95 ${tried.p95.toFixed(1)} ms${tried.held ? '' : `, too many (${JSON.stringify(tried.errors)})`}; opening p95 ${tried.openingP95.toFixed(0)} ms; server ${tried.cpu?.toFixed(0)} % of a core, generator ${tried.generator.cpuPercent.toFixed(0)} %, late by ${tried.generator.delayP99.toFixed(0)} ms (p99)`)
    return tried
  }
  let low = 0
  let high = 16
  for (let at = 8; low < high; at = Math.ceil((low + high) / 2)) {
    if ((await attempt(at, seconds)).held) low = at
    else high = at - 1
  }
  for (let at = Math.max(1, low); ; at--) {
    const confirmed = await attempt(at, Math.max(CONFIRM_SECONDS, seconds))
    if (confirmed.held || at === 1) return confirmed
  }
}

/** Requests a second by the cheapest generator there is, and what that cost it, in ms a request. */
export function cheapPolls(server: BenchServer, asks: Asked[], options: { connections: number, seconds: number, status: number }): Promise<{ perSecond: number, wrong: number, cpuMs: number }> {
  return inChild('./polls.mjs', { port: portOf(server), asks, ...options })
}

const portOf = (server: BenchServer) => Number(new URL(server.origin).port)

/** Runs a generator in a process of its own; what it sends back. */
function inChild<Result>(file: string, task: object): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [] })
    child.once('message', message => resolve(message as Result))
    child.once('exit', code => code ? reject(new Error(`${file} ended with ${code}`)) : undefined)
    child.send(task)
  })
}
