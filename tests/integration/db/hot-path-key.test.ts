import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { openDatabase } from '#server/db/open-database'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { startRecordingProxy, type RecordingProxy } from '../../support/recording-proxy'

/*
 * What a PostgreSQL spread over machines (Citus, for instance) needs of the polls and messages that make up the load:
 * the customer's id in each statement, so that it goes to one machine. docs/scaling.md has the list of what is missing,
 * and a statement that is not on it fails here.
 */
const KEY = { users: 'id', sessions: 'user_id', conversations: 'customer_id', messages: 'customer_id', feedback: 'customer_id' } as const

/** Statements that do not name the customer, by what stands in them, with what each would need. */
const WITHOUT_KEY: { what: RegExp, why: string }[] = [
  { what: /from sessions s join users u[\s\S]*token_hash = /, why: 'the cookie has no customer id: put it into the token, or keep sessions and users on one machine' },
  { what: /from feedback f[\s\S]*from messages m where m.conversation_id = /, why: 'the conversation was checked to be the customer’s just before: pass the id on' },
  { what: /from messages where id = \$\d+::uuid\s*\) for update/, why: 'storing a later reply starts from the question’s id: pass the customer’s id with it' },
  { what: /update "?messages"?[\s\S]*reply_claimed/, why: 'claims on questions go by the question’s id' },
  { what: /from "messages"[\s\S]*"messages"."(?:id|reply_to|conversation_id)" = /, why: 'a question, its reply, its history by id: the caller knows the customer' },
]

describe.skipIf(process.env.TEST_DB !== 'postgres')('polls and messages', () => {
  let api: ApiHarness
  let proxy: RecordingProxy
  let proxied: Database
  let anna: SignedInClient
  let hot: string[]

  beforeAll(async () => {
    api = await startApi()
    const url = new URL(api.db.url!)
    proxy = await startRecordingProxy({ host: url.hostname, port: Number(url.port || 5432) })
    url.host = `127.0.0.1:${proxy.port}`
    proxied = await openDatabase({ DATABASE_URL: url.href, DATA_DIR: '', DATABASE_POOL: 2 })
    anna = await api.customer()
    // What is read once and kept is no part of each request.
    await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })
    hot = await record()
  })
  afterAll(async () => {
    await api?.settled()
    await proxied?.close()
    if (api) setDatabase(api.db.database)
    await api?.close()
    await proxy?.stop()
  })

  async function record(): Promise<string[]> {
    // New connections prepare their statements anew, so that each text goes over the wire.
    const url = new URL(api.db.url!)
    url.host = `127.0.0.1:${proxy.port}`
    await proxied.close()
    proxied = await openDatabase({ DATABASE_URL: url.href, DATA_DIR: '', DATABASE_POOL: 2 })
    proxy.take()
    const asked = await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })
    expect(asked.body.source).toBe('faq')
    const unknown = await anna.post('/api/chatbot/messages', { message_text: 'Who ate the moon, and was it cheese?' })
    expect(unknown.body.source).toBe('fallback')
    const path = `/api/chatbot/conversations/${asked.body.conversation_id}/messages`
    const poll = await anna.get(path)
    expect((await anna.get(path, { 'if-none-match': poll.headers.get('etag')! })).status).toBe(304)
    await api.settled()
    return proxy.take()
  }

  const tablesOf = (statement: string) => (Object.keys(KEY) as (keyof typeof KEY)[]).filter(table => new RegExp(`(?:from|join|into|update)\\s+"?${table}"?\\b`, 'i').test(statement))
  const hasKey = (statement: string) => /(?:customer_id|user_id)"?\s*=\s*\$\d+/.test(statement) || /"users"\."id" = \$\d+/.test(statement)
    // A row of the customer's own, which names them.
    || (/^\s*insert into/i.test(statement) && /customer_id/.test(statement))

  it('are recorded whole', () => {
    expect(hot.some(statement => /insert into messages/.test(statement))).toBe(true)
    expect(hot.length).toBeGreaterThan(3)
  })

  it('keep what is a customer’s in tables that name the customer', async () => {
    const columns = await rowsOf<{ table: string, column: string }>(sql`select table_name as "table", column_name as "column" from information_schema.columns where table_schema = 'public'`)
    for (const [table, column] of Object.entries(KEY)) expect(columns).toContainEqual({ table, column })
  })

  it('name the customer in every statement, but for those that are listed', () => {
    const without = hot.filter(statement => tablesOf(statement).length > 0 && !hasKey(statement))
    const unknown = without.filter(statement => !WITHOUT_KEY.some(({ what }) => what.test(statement)))
    expect(unknown, 'name the customer in these, or list them with the reason here and in docs/scaling.md').toEqual([])
  })
})
