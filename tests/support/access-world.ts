import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { rowsOf } from '#server/db/client'
import { groupMisses } from '#server/services/unanswered/group-misses'
import type { TestClient } from './api-client'
import { PASSWORD, type ApiHarness, type SignedInClient } from './api'

export const people = ['signed out', 'other customer', 'customer', 'disabled', 'disabled admin', 'admin'] as const
export interface Person { is: typeof people[number], client: TestClient, email: string, password: string }

export const things = ['conversation', 'reply', 'faq', 'negative', 'delivery', 'group', 'account', 'task', 'session'] as const
export type Thing = typeof things[number]

export interface AccessWorld {
  people: Person[]
  /** A new thing: the customer's own, or one of somebody who is none of the people. */
  make: (thing: Thing, whose: 'right' | 'foreign') => Promise<string>
  /** Tells whether anything in the database has changed, but for sessions and what is counted by the way. */
  fingerprint: () => Promise<string>
}

/** People of six kinds, new ones, and things that belong to one of them or to a stranger. */
export async function openAccessWorld(api: ApiHarness): Promise<AccessWorld> {
  const [admin, customer, other, stranger, disabled, disabledAdmin] = [await api.admin('Ada'), await api.customer('Anna'), await api.customer('Ben'), await api.customer('Cleo'), await api.customer('Dora'), await api.admin('Dirk')]
  for (const { user } of [disabled, disabledAdmin]) expectDone(await admin.patch(`/api/admin/users/${user.id}`, { version: 1, disabled: true }))
  const person = (is: Person['is'], client: SignedInClient): Person => ({ is, client, email: client.user.email, password: PASSWORD })
  const owners = { right: customer, foreign: stranger }

  return {
    people: [
      { is: 'signed out', client: api.visitor(), email: customer.user.email, password: PASSWORD },
      person('other customer', other), person('customer', customer), person('disabled', disabled), person('disabled admin', disabledAdmin), person('admin', admin),
    ],
    make: (thing, whose) => makers[thing](admin, owners[whose], api),
    fingerprint: async () => {
      await api.settled()
      const tables = await rowsOf<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'analytics%' and tablename not in ('sessions', 'work_claims', 'rate_limits') order by 1`)
      const hash = createHash('sha256')
      for (const { name } of tables) hash.update(JSON.stringify(await rowsOf(sql.raw(`select '${name}' as name, count(*)::int as rows, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as content from "${name}" t`))))
      return hash.digest('hex')
    },
  }
}

interface Answer { status: number, text: string, body: Record<string, never> & { id: string, items: { id: string, question: string, wordings: string[], message_id: string }[], message_id: string, conversation_id: string, version: number } }

function expectDone(answer: { status: number, text: string, body: unknown }): Answer['body'] {
  if (answer.status >= 300) throw new Error(`A thing for the matrix could not be made: ${answer.status} ${answer.text}`)
  return answer.body as Answer['body']
}

const ask = async (owner: SignedInClient, text: string) => expectDone(await owner.post('/api/chatbot/messages', { message_text: text }))
const newFaq = async (admin: SignedInClient) => expectDone(await admin.post('/api/admin/faqs', { question: `Is there a ${randomUUID()}?`, answer: 'There is.' })).id

const makers: Record<Thing, (admin: SignedInClient, owner: SignedInClient, api: ApiHarness) => Promise<string>> = {
  conversation: async (_, owner) => (await ask(owner, 'What time is check-in?')).conversation_id,
  reply: async (_, owner) => (await ask(owner, 'What time is check-in?')).message_id,
  faq: newFaq,
  negative: async admin => expectDone(await admin.post('/api/admin/faqs/negatives', { faq_id: await newFaq(admin), question: `What is ${randomUUID()}?` })).id,
  delivery: async (admin, owner, api) => {
    const { version } = expectDone(await admin.get('/api/admin/config'))
    expectDone(await admin.put('/api/admin/config', { version, rag_feedback_url: 'http://127.0.0.1:9/feedback' }))
    const { message_id: messageId } = await ask(owner, 'What time is check-in?')
    expectDone(await owner.post('/api/chatbot/feedback', { message_id: messageId, value: 'up' }))
    await api.settled()
    return expectDone(await admin.get('/api/admin/outbox')).items.find(item => item.message_id === messageId)!.id
  },
  group: async (admin, owner) => {
    const question = `Zorblat ${randomUUID().replace(/[^a-f]/g, '')} quixembu?`
    await ask(owner, question)
    await groupMisses()
    const { items } = expectDone(await admin.get('/api/admin/unanswered'))
    return items.find(item => item.question === question || item.wordings.includes(question))!.id
  },
  account: async (_, __, api) => (await api.customer('Spare')).user.id,
  session: async (_, owner) => expectDone(await owner.get('/api/account/sessions')).items[0]!.id,
  // A task is everybody's own: the key names it, for each in their own plan.
  task: async () => 'set-budget',
}
