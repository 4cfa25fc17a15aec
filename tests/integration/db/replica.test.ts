import { sql } from 'drizzle-orm'
import postgres, { type Sql } from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { log } from '#server/core/log'
import { runInRequest } from '#server/core/request-context'
import { readEnv, setEnv } from '#server/core/env'
import { database, inTransaction, rowsOf, setDatabase } from '#server/db/client'
import { migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { MAX_LAG_MS, onReplica, openReplica, type Replica } from '#server/db/replica'
import { insertUser } from '#server/db/users'
import { reportAnalytics } from '#server/services/analytics/report'
import { browseAudit } from '#server/services/admin/browse-audit'
import { browseConversations } from '#server/services/admin/browse-conversations'
import { browseFeedback, exportFeedback } from '#server/services/admin/browse-feedback'
import { browseUsers } from '#server/services/people/browse-users'
import { migrations } from '../../support/database-template'
import { findPostgresPrograms, startPostgresCluster, type PostgresCluster, type PostgresServer } from '../../support/postgres-cluster'

const programs = findPostgresPrograms()
const wanted = process.env.TEST_DB === 'postgres'
if (wanted && !programs) process.stdout.write('    initdb and pg_basebackup are not installed: the read replica is not tested (apt-get install postgresql).\n')

describe.skipIf(!wanted || !programs)('a streaming replica', () => {
  let primary: PostgresCluster
  let second: PostgresServer
  let replica: Replica
  let standby: Sql
  let warned: MockInstance<typeof log.warn>

  beforeAll(async () => {
    primary = await startPostgresCluster({ programs: programs! })
    second = await primary.addReplica()
    setEnv(readEnv({ DATABASE_URL: primary.url, DATABASE_REPLICA_URL: second.url, AUTH_SECRET: 'a'.repeat(32), ENCRYPTION_KEY: 'e'.repeat(32) }))
    const opened = await openDatabase({ DATABASE_URL: primary.url, DATA_DIR: '', DATABASE_POOL: 5 })
    await migrate(opened, migrations, primary.url)
    standby = postgres(second.url, { max: 1, onnotice: () => {} })
  })
  beforeEach(async () => {
    warned = vi.spyOn(log, 'warn').mockImplementation(() => {})
    // Looked at by the test alone.
    replica = await openReplica(second.url, { max: 3, lookEveryMs: 3_600_000 })
    await untilUsed()
    warned.mockClear()
  })
  afterEach(async () => {
    await replica.close()
    vi.restoreAllMocks()
  })
  afterAll(async () => {
    await standby?.end()
    if (wanted && programs) await database().close()
    setDatabase(undefined)
    setEnv(undefined)
    await primary?.destroy()
  })

  async function untilUsed() {
    await expect.poll(async () => {
      await replica.look()
      return replica.lagMs()
    }, { timeout: 30_000, interval: 20 }).not.toBeNull()
  }

  const isReplica = async () => (await rowsOf<{ yes: boolean }>(sql`select pg_is_in_recovery() as yes`))[0]!.yes
  const addCustomer = (name: string) => insertUser({ email: `${name}@example.com`, name, passwordHash: 'none', role: 'customer' })
  const names = async () => (await browseUsers({ limit: 100 })).items.map(({ name }) => name)

  it('reads what may be read there, and nothing else', async () => {
    expect(await onReplica(isReplica)).toBe(true)
    expect(await isReplica()).toBe(false)
    expect(await inTransaction(() => onReplica(isReplica)), 'a transaction stays where it is').toBe(false)
    expect(await Promise.all([onReplica(isReplica), isReplica()])).toEqual([true, false])
  })

  it('is not read from by somebody who has to see what they have just written', async () => {
    const request = { requestId: 'r', waitUntil: () => {} }
    expect(await runInRequest({ ...request, readsOwnWrites: true }, () => onReplica(isReplica))).toBe(false)
    expect(await runInRequest(request, () => onReplica(isReplica))).toBe(true)
  })

  it('answers every list, the search, the overview and the export of the back office', async () => {
    // Whatever is asked of it goes there: what the primary has not passed on yet does not show.
    await standby`select pg_wal_replay_pause()`
    try {
      await expect.poll(async () => (await standby`select pg_get_wal_replay_pause_state() as state`)[0]!.state).toBe('paused')
      await addCustomer('Not There Yet')
      expect(await names()).not.toContain('Not There Yet')
      await expect(Promise.all([
        browseConversations({ limit: 10 }), browseConversations({ limit: 10, q: 'rain' }), browseFeedback({ limit: 10 }), browseAudit({ limit: 10 }),
        reportAnalytics({ time_zone: 'UTC' }), reportAnalytics({ time_zone: 'UTC', from: '2025-01-01', to: '2026-11-01' }),
      ])).resolves.toBeTruthy()
      const pieces: string[] = []
      for await (const piece of exportFeedback({}, 'json')) pieces.push(piece)
      expect(JSON.parse(pieces.join(''))).toEqual([])
    }
    finally {
      await standby`select pg_wal_replay_resume()`
    }
    await expect.poll(names).toContain('Not There Yet')
  })

  it('that lags behind is left alone until it has caught up, and that is logged once', async () => {
    await standby`select pg_wal_replay_pause()`
    const later = vi.spyOn(performance, 'now')
    try {
      await expect.poll(async () => (await standby`select pg_get_wal_replay_pause_state() as state`)[0]!.state).toBe('paused')
      const now = performance.now()
      await addCustomer('Late')
      later.mockReturnValue(now + MAX_LAG_MS + 1_000)
      await replica.look()
      await replica.look()
      expect(replica.lagMs()).toBeNull()
      expect(await names()).toContain('Late')
      expect(warned.mock.calls.map(([details]) => (details as { reason: string }).reason)).toEqual(['it is more than 5 seconds behind'])
    }
    finally {
      later.mockRestore()
      await standby`select pg_wal_replay_resume()`
    }
    await untilUsed()
    expect(await onReplica(isReplica)).toBe(true)
  })

  it('takes no write, not even by mistake', async () => {
    await expect(onReplica(() => addCustomer('By Mistake'))).rejects.toThrow()
    expect(await onReplica(names)).not.toContain('By Mistake')
  })

  it('that goes away in the middle costs nothing but a line in the log; it serves again when it is back', async () => {
    const rounds: boolean[] = []
    const answer = await onReplica(async () => {
      rounds.push(await isReplica())
      if (rounds.length === 1) await second.stop()
      return isReplica()
    })
    expect([rounds, answer]).toEqual([[true, false], false])
    expect(await onReplica(isReplica)).toBe(false)
    await replica.look()
    expect(warned).toHaveBeenCalledTimes(1)
    const info = vi.spyOn(log, 'info')
    await standby.end({ timeout: 1 })
    await second.start()
    standby = postgres(second.url, { max: 1, onnotice: () => {} })
    await untilUsed()
    expect(await onReplica(isReplica)).toBe(true)
    expect(info.mock.calls.map(([text]) => text)).toContain('The read replica is used again')
  })

  it('that has become a primary itself is not read from', async () => {
    await standby`select pg_promote()`
    await expect.poll(async () => (await standby`select pg_is_in_recovery() as yes`)[0]!.yes).toBe(false)
    await replica.look()
    expect(await onReplica(async () => (await rowsOf<{ port: number }>(sql`select inet_server_port() as port`))[0]!.port)).toBe(Number(new URL(primary.url).port))
    expect(warned.mock.calls.map(([details]) => (details as { reason: string }).reason)).toEqual([expect.stringContaining('no replica')])
  })
})

describe.skipIf(!wanted)('a replica that was never there', () => {
  it('changes nothing', async () => {
    const opened = await openDatabase({ DATABASE_URL: process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres', DATA_DIR: '', DATABASE_POOL: 2 })
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => {})
    const replica = await openReplica('postgres://nobody@127.0.0.1:1/x', { max: 1, lookEveryMs: 3_600_000 })
    await replica.look()
    expect(replica.lagMs()).toBeNull()
    expect((await onReplica(() => rowsOf<{ one: number }>(sql`select 1 as one`)))[0]!.one).toBe(1)
    expect(warned).toHaveBeenCalledTimes(1)
    warned.mockRestore()
    await replica.close()
    await opened.close()
    setDatabase(undefined)
  })
})
