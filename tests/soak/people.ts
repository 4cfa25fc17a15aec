import { randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import { Pool } from 'undici'
import { addCustomers, type Customer } from '../../scripts/bench-server/database'
import type { Recorder } from './recorder'

export const PASSWORD = 'olive-harbour-lemon-linen'

/** A customer with an open widget, as their browser knows them. */
export interface Person extends Customer { email: string, after: number, etag: string | null, /** A reply they have not rated yet. */ unrated: string | null }

export interface Visit { people: Person[], admin: string, questions: string[] }

interface Ask { method?: 'GET' | 'POST', cookie?: string, body?: object, etag?: string | null, expects?: number[] }
interface Answer { status: number, text: string, etag: string | null, cookies: string[] }

/** Customers with a conversation each and the same password, the admin's cookie, and what the FAQs answer. */
export async function invite(origin: string, sql: Sql, count: number, admin: { email: string, password: string }): Promise<Visit> {
  const post = (path: string, body: object) => fetch(`${origin}/api/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const model = { email: 'soak@bench.example', password: PASSWORD, name: 'Soak' }
  await post('auth/register', model)
  const customers = await addCustomers(sql, count)
  await sql`update users set password_hash = (select password_hash from users where email = ${model.email}) where email like '%@bench.example' and password_hash is null`
  const signedIn = await post('auth/login', admin)
  if (signedIn.status !== 200) throw new Error(`The admin could not sign in: ${signedIn.status}`)
  const faqs = await (await fetch(`${origin}/api/chatbot/faqs`, { headers: { cookie: customers[0]!.cookie } })).json() as { question: string }[]
  return {
    people: customers.map(customer => ({ ...customer, email: `${customer.id}@bench.example`, after: 2, etag: null, unrated: null })),
    admin: cookiesOf(signedIn.headers.getSetCookie()),
    questions: faqs.map(faq => faq.question),
  }
}

const cookiesOf = (lines: string[]) => lines.map(line => line.split(';')[0]!).join('; ')
const oneOf = <Item>(items: Item[]): Item => items[Math.floor(Math.random() * items.length)]!

/** What people do on the site; each action is a request or a few that belong together. */
export class Traffic {
  #pool: Pool
  readonly #free: Person[]
  inFlight = 0
  /** How often each is done, of a thousand actions. */
  readonly #actions: [number, (person: Person) => Promise<void>][] = [
    [720, person => this.#poll(person)],
    [90, person => this.#ask(person)],
    [30, person => this.#askRag(person)],
    [50, person => this.#rate(person)],
    [40, person => this.#readHistory(person)],
    [30, person => this.#readFaqs(person)],
    [15, person => this.#openPage(person)],
    [10, person => this.#signInAndOut(person)],
    [5, person => this.#close(person)],
    [5, person => this.#download(person)],
    [5, () => this.#lookIntoBackOffice()],
  ]

  constructor(private readonly origin: string, private readonly visit: Visit, private readonly recorder: Recorder, private readonly connections: number) {
    this.#pool = new Pool(origin, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 })
    this.#free = [...visit.people]
  }

  /**
   * One action of whoever has waited longest; left out while as many are under way as there are connections, so that a
   * busy machine slows the load down instead of burying the server. Never rejects: what goes wrong is recorded.
   */
  async act(): Promise<void> {
    const person = this.inFlight < this.connections ? this.#free.shift() : undefined
    if (!person) return void this.recorder.leftOut++
    this.recorder.actions++
    this.inFlight++
    let left = Math.random() * this.#actions.reduce((sum, [weight]) => sum + weight, 0)
    const [, action] = this.#actions.find(([weight]) => (left -= weight) < 0)!
    await action(person).catch((error: Error & { code?: string }) => this.recorder.wrong('action', error.code ?? error.message))
    this.inFlight--
    this.#free.push(person)
  }

  /** Lets every connection go. */
  close(): Promise<void> {
    return this.#pool.close()
  }

  async #send(kind: string, path: string, { method = 'GET', cookie, body, etag, expects = [200] }: Ask): Promise<Answer | null> {
    const began = performance.now()
    const response = await this.#pool.request({ path, method, headers: { ...(cookie ? { cookie } : {}), ...(etag ? { 'if-none-match': etag } : {}), ...(body ? { 'content-type': 'application/json' } : {}) }, body: body ? JSON.stringify(body) : undefined })
    const text = await response.body.text()
    this.recorder.answered(kind, response.statusCode, performance.now() - began)
    if (!expects.includes(response.statusCode)) {
      this.recorder.wrong(kind, String(response.statusCode), `${method} ${path} → ${text}`)
      return null
    }
    const lines = response.headers['set-cookie'] ?? []
    return { status: response.statusCode, text, etag: (response.headers.etag as string | undefined) ?? null, cookies: Array.isArray(lines) ? lines : [lines] }
  }

  async #poll(person: Person): Promise<void> {
    const answer = await this.#send('poll', `/api/chatbot/conversations/${person.conversationId}/messages?after=${person.after}`, { cookie: person.cookie, etag: person.etag, expects: [200, 304] })
    if (answer?.status !== 200) return
    const messages = JSON.parse(answer.text) as { id: string, seq: number, sender: string, pending?: true }[]
    // A question that waits for its reply is asked for again, as the widget does it.
    const last = messages.findLast(message => !message.pending)
    person.etag = last ? null : answer.etag
    person.after = last?.seq ?? person.after
    person.unrated = messages.findLast(message => message.sender === 'bot')?.id ?? person.unrated
  }

  async #ask(person: Person): Promise<void> {
    await this.#say('question', person, `Hello, ${oneOf(this.visit.questions).toLowerCase()}`)
  }

  async #askRag(person: Person): Promise<void> {
    await this.#say('RAG question', person, `zxqv brimble ${Math.floor(Math.random() * 1e6)} frobnicate 694 123 4567`)
  }

  async #say(kind: string, person: Person, text: string): Promise<void> {
    const answer = await this.#send(kind, '/api/chatbot/messages', { method: 'POST', cookie: person.cookie, expects: [200, 202], body: { message_text: text, client_message_id: randomUUID(), accept_pending: true } })
    if (!answer) return
    const { conversation_id: id } = JSON.parse(answer.text) as { conversation_id: string }
    if (id !== person.conversationId) Object.assign(person, { conversationId: id, after: 0, etag: null, unrated: null })
  }

  async #rate(person: Person): Promise<void> {
    if (!person.unrated) return this.#poll(person)
    const message_id = person.unrated
    person.unrated = null
    const isDown = Math.random() < 0.2
    await this.#send('rating', '/api/chatbot/feedback', { method: 'POST', cookie: person.cookie, body: { message_id, value: isDown ? 'down' : 'up', ...(isDown ? { comment: 'The price was missing: call 694 123 4567' } : {}) } })
  }

  async #readHistory(person: Person): Promise<void> {
    await this.#send('history', '/api/chatbot/conversations?limit=10', { cookie: person.cookie })
    await this.#send('history', `/api/chatbot/conversations/${person.conversationId}/messages?after=0&limit=100`, { cookie: person.cookie })
  }

  async #readFaqs(person: Person): Promise<void> {
    await this.#send('faqs', '/api/chatbot/faqs', { cookie: person.cookie })
    await this.#send('config', '/api/chatbot/config', { cookie: person.cookie })
  }

  async #openPage(person: Person): Promise<void> {
    await this.#send('page', oneOf(['/', '/packages', '/services', '/my-plan']), { cookie: `${person.cookie}; vb_signed_in=cookie` })
  }

  /** In another browser of theirs. */
  async #signInAndOut(person: Person): Promise<void> {
    const answer = await this.#send('sign-in', '/api/auth/login', { method: 'POST', body: { email: person.email, password: PASSWORD } })
    if (!answer) return
    const cookie = cookiesOf(answer.cookies)
    await this.#send('session', '/api/auth/session', { cookie })
    await this.#send('sign-out', '/api/auth/logout', { method: 'POST', cookie, body: {} })
  }

  async #close(person: Person): Promise<void> {
    await this.#send('close', `/api/chatbot/conversations/${person.conversationId}/close`, { method: 'POST', cookie: person.cookie, body: {} })
  }

  async #download(person: Person): Promise<void> {
    await this.#send('transcript', `/api/chatbot/conversations/${person.conversationId}/transcript?format=${oneOf(['txt', 'json', 'pdf'])}`, { cookie: person.cookie })
  }

  async #lookIntoBackOffice(): Promise<void> {
    await this.#send('back office', oneOf(['/api/admin/conversations?limit=20', '/api/admin/unanswered', '/api/admin/outbox', '/api/admin/waiting', '/api/admin/analytics']), { cookie: this.visit.admin })
  }
}
