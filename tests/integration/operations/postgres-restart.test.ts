import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { seedNewDatabase } from '#server/services/seed'
import { startApi, type ApiHarness } from '../../support/api'
import { migrations } from '../../support/database-template'
import { findPostgresPrograms, startPostgresCluster, type PostgresCluster } from '../../support/postgres-cluster'

const programs = findPostgresPrograms()

describe.runIf(process.env.TEST_DB === 'postgres' && programs)('a PostgreSQL that restarts', () => {
  let api: ApiHarness
  let cluster: PostgresCluster
  let own: Database
  let first: Database
  beforeAll(async () => {
    api = await startApi()
    first = api.db.database
    cluster = await startPostgresCluster({ programs: programs! })
    own = await openDatabase({ DATABASE_URL: cluster.url, DATA_DIR: '', DATABASE_POOL: 4, DATABASE_LOCK_TIMEOUT_MS: 300, DATABASE_STATEMENT_TIMEOUT_MS: 600 })
    await migrate(own, migrations, cluster.url)
    await seedNewDatabase({ demoAccounts: false })
  }, 120_000)
  afterAll(async () => {
    await api.settled()
    setDatabase(first)
    await own?.close()
    await cluster?.destroy()
    await api.close()
  })

  it('is there again without a restart of ours: meanwhile 503 with Retry-After, and every message once, in order', async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, (_, n) => api.customer(`Anna ${n}`)))
    const refused: { status: number, code: string, retryAfter: number }[] = []
    let sent = 0
    /** As the widget does: the same client id until it is stored. */
    const send = async (client: typeof customers[number], text: string) => {
      const message = { message_text: text, client_message_id: randomUUID() }
      for (;;) {
        const answer = await client.post('/api/chatbot/messages', message)
        if (answer.status === 200) return void sent++
        refused.push({ status: answer.status, code: answer.body.code, retryAfter: Number(answer.headers.get('retry-after')) })
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
    const load = Promise.all(customers.map(async (client) => {
      for (let n = 0; n < 12; n++) await send(client, `What happens if it rains? (${n})`)
    }))
    for (let restarts = 0; restarts < 2; restarts++) {
      const until = sent + 8
      await expect.poll(() => sent >= until, { timeout: 30_000, interval: 5 }).toBe(true)
      await cluster.stop()
      expect(await customers[0]!.get('/api/health/ready')).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
      await cluster.start()
    }
    await load
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.filter(({ status, code, retryAfter }) => status !== 503 || code !== 'UNAVAILABLE' || !(retryAfter > 0))).toEqual([])
    expect((await customers[0]!.get('/api/health/ready')).status).toBe(200)
    await api.settled()
    const stored = await rowsOf<{ text: string, times: number }>(sql`select customer_id, text, count(*)::int as times from messages where sender = 'customer' group by 1, 2`)
    expect([stored.length, stored.filter(row => row.times !== 1)]).toEqual([48, []])
    expect(await rowsOf(sql`select q.id from messages q where q.sender = 'customer' and (select count(*) from messages r where r.reply_to = q.id) <> 1`)).toEqual([])
    expect(await rowsOf(sql`select conversation_id from messages group by 1 having max(seq) <> count(*)`)).toEqual([])
  }, 120_000)

  it('ends a statement that takes too long, and a wait for a lock, with 503 and nothing written', async () => {
    const anna = await api.customer('Anna')
    const { body } = await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })
    const { default: postgres } = await import('postgres')
    const other = postgres(cluster.url, { max: 1 })
    await other.begin(async (tx) => {
      await tx`select 1 from conversations where id = ${body.conversation_id} for update`
      const refused = await anna.post('/api/chatbot/messages', { message_text: 'Is there a vegan menu?' })
      expect([refused.status, refused.body.code, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, 'UNAVAILABLE', true])
    })
    await other.end()
    expect((await anna.get(`/api/chatbot/conversations/${body.conversation_id}/messages`)).body).toHaveLength(2)
    await expect(rowsOf(sql`select pg_sleep(5)`)).rejects.toMatchObject({ cause: { code: '57014' } })
  })
})
