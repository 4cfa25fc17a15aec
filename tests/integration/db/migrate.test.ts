import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StartupError } from '#server/core/env'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { isSchemaCurrent, migrate, readMigrationsFrom, type Migration } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { migrations as ours } from '../../support/database-template'
import { emptyDatabase, type EmptyDatabase } from '../../support/empty-database'

let place: EmptyDatabase
let database: Database
beforeAll(async () => {
  place = await emptyDatabase()
  database = await openDatabase({ DATABASE_URL: place.url, DATA_DIR: place.dataDir, DATABASE_POOL: 4 })
})
afterAll(async () => {
  setDatabase(undefined)
  await database.close()
  await place.drop()
})
beforeEach(() => database.runScript('drop schema public cascade; create schema public'))

const first: Migration = { tag: '0001_guests', sql: 'create table guests (name text primary key);' }
const second: Migration = { tag: '0002_tables', sql: 'create table tables (number int primary key); insert into tables values (1), (2);' }
const run = (migrations: Migration[]) => migrate(database, migrations, place.url)
const tables = async () => (await rowsOf<{ tablename: string }>(sql`select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' order by 1`)).map(row => row.tablename)

describe('migrations', () => {
  it('are applied in their order, once', async () => {
    await expect(run([first, second])).resolves.toEqual({ applied: ['0001_guests', '0002_tables'] })
    await expect(run([first, second])).resolves.toEqual({ applied: [] })
    expect(await tables()).toEqual(['guests', 'tables'])
    expect(await rowsOf(sql`select number from tables order by 1`)).toEqual([{ number: 1 }, { number: 2 }])
  })

  it('are applied even when they were merged after a later one', async () => {
    await run([second])
    await expect(run([first, second])).resolves.toEqual({ applied: ['0001_guests'] })
  })

  it('are all there, or the database is not ready', async () => {
    await expect(isSchemaCurrent(database, [first])).resolves.toBe(false)
    await run([first])
    await expect(isSchemaCurrent(database, [first])).resolves.toBe(true)
    await expect(isSchemaCurrent(database, [first, second])).resolves.toBe(false)
    await run([first, second])
    // A newer server has migrated already; this one can still serve.
    await expect(isSchemaCurrent(database, [first])).resolves.toBe(true)
  })

  it('are refused when one was changed after it had been applied', async () => {
    await run([first])
    const changed = run([{ ...first, sql: 'create table guests (name text);' }, second])
    await expect(changed).rejects.toThrow(StartupError)
    await expect(changed).rejects.toThrow('The migration 0001_guests was changed after this database had applied it: put the file back as it was and add a new migration instead.')
    expect(await tables()).toEqual(['guests'])
  })

  it('leave nothing of one that fails, keep what came before it, and go on once it is mended', async () => {
    const broken = { ...second, sql: `${second.sql} insert into tables values (2);` }
    const failing = run([first, broken])
    await expect(failing).rejects.toThrow(StartupError)
    await expect(failing).rejects.toThrow(/^The migration 0002_tables failed \(duplicate key.*\): nothing of it was applied\.$/)
    expect(await tables()).toEqual(['guests'])
    await expect(run([first, second])).resolves.toEqual({ applied: ['0002_tables'] })
  })

  it('are applied once by servers that start at the same moment', async (context) => {
    if (database.kind === 'pglite') return context.skip('The embedded database has one server.')
    const slow = { ...first, sql: `${first.sql} select pg_sleep(0.05);` }
    const reports = await Promise.all(Array.from({ length: 4 }, () => run([slow, second])))
    expect(reports.flatMap(report => report.applied).sort()).toEqual(['0001_guests', '0002_tables'])
    expect(reports.filter(report => report.applied.length)).toHaveLength(1)
  })

  it('of the product make a whole database out of an empty one', async () => {
    await expect(run(ours)).resolves.toEqual({ applied: ours.map(migration => migration.tag) })
    expect(await tables()).toEqual(expect.arrayContaining(['conversations', 'faqs', 'messages', 'users']))
  })
})

it('the files of a folder are read in the order of their numbers, and only those', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vb-migrations-'))
  for (const name of ['0010_c.sql', '0002_b.sql', '0001_a.sql', 'README.md']) writeFileSync(join(folder, name), `-- ${name}`)
  expect(readMigrationsFrom(folder)).toEqual([
    { tag: '0001_a', sql: '-- 0001_a.sql' }, { tag: '0002_b', sql: '-- 0002_b.sql' }, { tag: '0010_c', sql: '-- 0010_c.sql' },
  ])
  rmSync(folder, { recursive: true })
})
