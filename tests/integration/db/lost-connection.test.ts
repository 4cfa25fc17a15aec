import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { postgresFeed } from '#server/db/change-feed'
import { inTransaction, rowsOf, setDatabase, type Database } from '#server/db/client'
import { isDatabaseUnavailable } from '#server/db/errors'
import { openDatabase } from '#server/db/open-database'
import { openTestDatabase, type TestDatabase } from '../../support/test-database'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy'

/*
 * postgres.js as the build has it (scripts/build/mend-postgres.ts). Unmended each of these ends the process by an
 * exception that nobody can catch, which fails the run of the tests as well.
 */
describe.runIf(process.env.TEST_DB === 'postgres')('a connection that is lost under a transaction', () => {
  let test: TestDatabase
  let proxy: TcpProxy
  let own: Database
  beforeAll(async () => {
    test = await openTestDatabase()
    await rowsOf(sql`create table notes (text text)`)
    const url = new URL(test.url!)
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) })
    url.host = `127.0.0.1:${proxy.port}`
    // One connection: what was wrong with it would be wrong with all that follows.
    own = await openDatabase({ DATABASE_URL: url.href, DATA_DIR: '', DATABASE_POOL: 1 })
  })
  beforeEach(() => rowsOf(sql`delete from notes`))
  afterAll(async () => {
    await own?.close()
    await proxy?.stop()
    setDatabase(test.database)
    await test.close()
  })

  const note = (text: string) => rowsOf(sql`insert into notes values (${text})`)
  const notes = async () => (await rowsOf<{ text: string }>(sql`select text from notes`)).map(({ text }) => text)
  const flicker = async () => {
    await proxy.cut()
    await proxy.restore()
  }
  const failureOf = (work: Promise<unknown>) => work.then(() => null, (error: unknown) => error)

  it('refuses the statement under way and the rest, and stores nothing', async () => {
    const failure = await failureOf(inTransaction(async () => {
      await note('first')
      await Promise.all([rowsOf(sql`select pg_sleep(30)`), note('waits behind it'), flicker()])
    }))
    expect(isDatabaseUnavailable(failure)).toBe(true)
    await expect.poll(notes, { timeout: 10_000 }).toEqual([])
  })

  it('refuses what comes after a pause between two statements, and sends none of it over the connection that comes next', async () => {
    const transaction = inTransaction(async () => {
      await note('first')
      await flicker()
      // Somebody else has the connection opened anew.
      await expect.poll(() => failureOf(own.db.execute(sql`select 1`)), { timeout: 10_000 }).toBeNull()
      later = await failureOf(note('second'))
      ended()
    })
    let later: unknown
    let ended = () => {}
    const whole = new Promise<void>(resolve => ended = resolve)
    expect(isDatabaseUnavailable(await failureOf(transaction))).toBe(true)
    await whole
    expect(isDatabaseUnavailable(later)).toBe(true)
    expect(await notes()).toEqual([])
  })

  it('is opened anew for whoever comes next, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      await failureOf(inTransaction(async () => {
        await note('lost')
        await flicker()
        await note('lost as well')
      }))
      await expect.poll(() => failureOf(note(`kept ${round}`)), { timeout: 10_000 }).toBeNull()
    }
    expect(await notes()).toEqual([0, 1, 2, 3, 4].map(round => `kept ${round}`))
  })

  it('is lost by order of the database too', async () => {
    const failure = await failureOf(inTransaction(async () => {
      await note('first')
      const [row] = await rowsOf<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await test.database.db.execute(sql`select pg_terminate_backend(${row!.pid}::int)`)
      await note('second')
    }))
    expect(isDatabaseUnavailable(failure)).toBe(true)
    await expect.poll(notes, { timeout: 10_000 }).toEqual([])
  })

  it('is not opened anew by what was ended meanwhile', async () => {
    const url = new URL(test.url!)
    url.host = `127.0.0.1:${proxy.port}`
    let noticed = () => {}
    const lost = new Promise<void>(resolve => noticed = resolve)
    const options = { max: 1, fetch_types: false, backoff: () => 0.05, connection: { application_name: 'ended meanwhile' }, onclose: () => noticed() }
    const client = postgres(url.href, options)
    await client`select 1`
    await flicker()
    await lost
    const late = failureOf(client`select 1`)
    await client.end({ timeout: 0 })
    expect(await late).toMatchObject({ code: 'CONNECTION_DESTROYED' })
    // Another client's way back takes the same time and begins later.
    const other = postgres(url.href, { ...options, connection: { application_name: 'another' } })
    await other`select pg_sleep(0.2)`
    expect(await rowsOf(sql`select pid from pg_stat_activity where application_name = 'ended meanwhile'`)).toEqual([])
    await other.end()
  })

  it('is not opened anew for statements that still waited when it was ended', async () => {
    const url = new URL(test.url!)
    url.host = `127.0.0.1:${proxy.port}`
    const feed = await postgresFeed(postgres, url.href, { unsafe: async () => [] })({ heard: () => {}, lost: () => {} })
    const connections = () => rowsOf(sql`select pid from pg_stat_activity where datname = current_database() and application_name = 'vasiliasbot changes'`)
    expect(await connections()).toHaveLength(1)
    // Nothing is heard for a while: the second heartbeat waits for the first.
    proxy.hold()
    const beats = [feed.send('h1'), feed.send('h2'), feed.send('h3')].map(beat => failureOf(beat))
    // They are handed over in a later turn.
    await test.database.db.execute(sql`select 1`)
    const closed = feed.close()
    proxy.release()
    await closed
    expect(await Promise.all(beats)).toEqual([null, expect.objectContaining({ code: 'CONNECTION_ENDED' }), expect.objectContaining({ code: 'CONNECTION_ENDED' })])
    await expect.poll(connections, { timeout: 10_000 }).toEqual([])
  })
})
