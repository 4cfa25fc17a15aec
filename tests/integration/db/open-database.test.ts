import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartupError } from '#server/core/env'
import { isDatabaseOpen, rowsOf, setDatabase } from '#server/db/client'
import { isDatabaseUnavailable } from '#server/db/errors'
import { openDatabase } from '#server/db/open-database'
import { emptyDatabase, type EmptyDatabase } from '../../support/empty-database'

const onPostgres = process.env.TEST_DB === 'postgres'

let place: EmptyDatabase
beforeEach(async () => {
  place = await emptyDatabase()
})
afterEach(async () => {
  setDatabase(undefined)
  await place.drop()
})

const open = (more: { DATABASE_URL?: string, DATA_DIR?: string } = {}) => openDatabase({ DATABASE_URL: place.url, DATA_DIR: place.dataDir, DATABASE_POOL: 2, ...more })

async function refusalOf(more: { DATABASE_URL?: string, DATA_DIR?: string } = {}) {
  const error: unknown = await open(more).then(() => null, refused => refused)
  expect(error).toBeInstanceOf(StartupError)
  expect(isDatabaseOpen()).toBe(false)
  return (error as Error).message
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

it('an open database is the one that queries run on, and is closed once', async () => {
  const database = await open()
  expect([database.kind, database.exclusive]).toEqual(onPostgres ? ['postgres', false] : ['pglite', true])
  await database.runScript('create table notes (text text); insert into notes values (\'one\'), (\'two\')')
  expect(await rowsOf(sql`select text from notes order by 1`)).toEqual([{ text: 'one' }, { text: 'two' }])
  expect(await rowsOf(sql`select current_setting('server_version_num')::int >= 140000 as is_new`)).toEqual([{ is_new: true }])
  await Promise.all([database.close(), database.close()])
  // What comes too late hears that it may try again, not that something is broken.
  const late: unknown = await rowsOf(sql`select 1`).catch(error => error)
  expect(isDatabaseUnavailable(late)).toBe(true)
})

describe.runIf(onPostgres)('a PostgreSQL that cannot be used', () => {
  it('because nobody listens there is named without its password', async () => {
    const port = await closedPort()
    expect(await refusalOf({ DATABASE_URL: `postgres://site:hunter2@127.0.0.1:${port}/planner` }))
      .toBe(`PostgreSQL at 127.0.0.1:${port}/planner cannot be reached (ECONNREFUSED): check DATABASE_URL and that the database is running.`)
  })

  it('because the database is not there is named with PostgreSQL’s own code', async () => {
    const url = new URL(place.url!)
    url.pathname = '/vb_test_not_there'
    expect(await refusalOf({ DATABASE_URL: url.href })).toBe(`PostgreSQL at ${url.host}/vb_test_not_there cannot be reached (3D000): check DATABASE_URL and that the database is running.`)
  })
})

describe.runIf(onPostgres).each(['LATIN1', 'SQL_ASCII'])('a database whose texts are in %s', (encoding) => {
  it('is refused, with the way to make another', async () => {
    const url = new URL(place.url!)
    const name = `${url.pathname.slice(1)}_${encoding.toLowerCase()}`
    const { default: postgres } = await import('postgres')
    const admin = postgres(place.url!, { max: 1, onnotice: () => {} })
    await admin.unsafe(`create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' template template0`)
    try {
      url.pathname = `/${name}`
      expect(await refusalOf({ DATABASE_URL: url.href })).toBe(`The database ${url.host}/${name} keeps its texts in ${encoding}, and VasiliasBot needs UTF8: make one with createdb --template=template0 --encoding=UTF8, and set DATABASE_URL to it.`)
    }
    finally {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    }
  })
})

describe.runIf(!onPostgres)('an embedded database', () => {
  it('keeps its data for the next time, and its folder from others until it is closed', async () => {
    const first = await open()
    await first.runScript('create table notes (text text); insert into notes values (\'kept\')')
    expect(existsSync(join(place.dataDir, 'pglite.lock'))).toBe(true)
    await first.close()
    expect(existsSync(join(place.dataDir, 'pglite.lock'))).toBe(false)
    const second = await open()
    expect(await rowsOf(sql`select text from notes`)).toEqual([{ text: 'kept' }])
    await second.close()
  })

  it('is refused where its folder cannot be made', async () => {
    const file = join(place.dataDir, 'file')
    writeFileSync(file, '')
    expect(await refusalOf({ DATA_DIR: file })).toBe(`The folder ${file} (DATA_DIR) cannot be written to (ENOTDIR): make it writable or set DATA_DIR to another folder.`)
  })

  it('is refused when it is damaged, left as it is, and its folder is free again', async () => {
    const folder = join(place.dataDir, 'pglite')
    mkdirSync(folder)
    writeFileSync(join(folder, 'PG_VERSION'), 'damaged')
    expect(await refusalOf()).toMatch(/^The embedded database in .*pglite cannot be opened \(.+\): restore it from a backup or set DATA_DIR to another folder\.$/)
    expect(existsSync(join(folder, 'PG_VERSION'))).toBe(true)
    expect(existsSync(join(place.dataDir, 'pglite.lock'))).toBe(false)
  })
})
