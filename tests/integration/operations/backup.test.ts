import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEnv } from '#server/core/env'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { isSchemaCurrent, migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { backUp, restore } from '../../../scripts/backup/files'
import { migrations } from '../../support/database-template'
import { emptyDatabase, type EmptyDatabase } from '../../support/empty-database'
import { root } from '../../support/server-process'

const onPostgres = process.env.TEST_DB === 'postgres'
let from: EmptyDatabase
let into: EmptyDatabase
let file: string
beforeEach(async () => {
  from = await emptyDatabase()
  into = await emptyDatabase()
  file = join(from.dataDir, 'copy.backup')
})
afterEach(async () => {
  setDatabase(undefined)
  await Promise.all([from.drop(), into.drop()])
})

const placeOf = ({ url, dataDir }: EmptyDatabase) => ({ DATABASE_URL: url, DATA_DIR: dataDir })
const refusal = (work: Promise<unknown>) => work.then(() => 'no refusal', (error: Error) => error.message)

async function opened<Result>(place: EmptyDatabase, work: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openDatabase({ ...placeOf(place), DATABASE_POOL: 2 })
  try {
    return await work(database)
  }
  finally {
    await database.close()
    setDatabase(undefined)
  }
}

const fill = (place: EmptyDatabase, question: string) => opened(place, async (database) => {
  await migrate(database, migrations, place.url)
  await rowsOf(sql`insert into faqs (id, question, question_key, answer) select gen_random_uuid(), ${question} || n, ${question} || n, repeat('Ναι. ', 200) from generate_series(1, 300) n`)
})
const questions = (place: EmptyDatabase) => opened(place, async () => (await rowsOf<{ question: string }>(sql`select question from faqs where question like '%300'`)).map(row => row.question))

describe('a backup', () => {
  it('brings everything back in another place, which then is as current as the first', async () => {
    if (!onPostgres) readEnv({ DATA_DIR: from.dataDir })
    await fill(from, 'Old ')
    expect(await backUp(placeOf(from), file, false)).toMatch(/^Backed up .+ to .+\.backup \(\d+ KiB\)/)
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(await restore(placeOf(into), file, false)).toMatch(/^Restored/)
    expect(await questions(into)).toEqual(['Old 300'])
    expect(await opened(into, database => isSchemaCurrent(database, migrations))).toBe(true)
    if (!onPostgres) expect(readFileSync(join(into.dataDir, 'secrets.json'), 'utf8')).toBe(readFileSync(join(from.dataDir, 'secrets.json'), 'utf8'))
  })

  it('never replaces a file or a database that holds something, unless told to', async () => {
    await fill(from, 'Old ')
    await backUp(placeOf(from), file, false)
    const before = readFileSync(file)
    expect(await refusal(backUp(placeOf(from), file, false))).toMatch(/exists already: choose another name, or add --force/)
    expect(readFileSync(file).equals(before)).toBe(true)
    await fill(into, 'New ')
    expect(await refusal(restore(placeOf(into), file, false))).toMatch(/add --force/)
    expect(await questions(into)).toEqual(['New 300'])
    const done = await restore(placeOf(into), file, true)
    expect(await questions(into)).toEqual(['Old 300'])
    if (!onPostgres) expect(existsSync(join(/What was there is in (\S+):/.exec(done)![1]!, 'PG_VERSION'))).toBe(true)
  })

  it.each([
    ['cut off', (content: Buffer) => content.subarray(0, Math.floor(content.length * 0.6))],
    ['changed inside', (content: Buffer) => Buffer.concat([content.subarray(0, content.length >> 1), Buffer.alloc(3000, 0x55), content.subarray((content.length >> 1) + 3000)])],
    ['none at all', () => Buffer.from('hello')],
  ])('that is %s is refused, and what is there stays as it is', async (_, damage) => {
    await fill(from, 'Old ')
    await backUp(placeOf(from), file, false)
    writeFileSync(file, damage(readFileSync(file)))
    await fill(into, 'New ')
    expect(await refusal(restore(placeOf(into), file, true))).toMatch(/damaged|holds no database|nothing was changed/)
    expect(await questions(into)).toEqual(['New 300'])
    expect(readdirSync(into.dataDir).filter(name => /restore|before|partial/.test(name))).toEqual([])
  })

  it('cannot be taken where it cannot be written, or restored from nothing or into the other kind', async () => {
    await fill(from, 'Old ')
    expect(await refusal(backUp(placeOf(from), '/nowhere/at/all', false))).toMatch(/cannot be written to .+ \(ENOENT\): choose a folder/)
    expect(await refusal(restore(placeOf(into), '/nowhere', false))).toMatch(/cannot be read \(ENOENT\)/)
    await backUp(placeOf(from), file, false)
    const other = onPostgres ? { DATABASE_URL: undefined, DATA_DIR: into.dataDir } : { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/x', DATA_DIR: into.dataDir }
    expect(await refusal(restore(other, file, false))).toMatch(/^This is a backup of a/)
  })

  it('waits for nobody: with a server on the database it says what to do', async () => {
    await fill(from, 'Old ')
    await backUp(placeOf(from), file, false)
    await opened(into, async (database) => {
      await database.db.execute(sql`select 1`)
      if (onPostgres) {
        expect(await refusal(restore(placeOf(into), file, true))).toBe('A server is running on this database: stop it first.')
      }
      else {
        // Another process: within one the lock waits for a reload.
        const run = (...args: string[]) => spawnSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/backup.ts', ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, DATABASE_URL: '', DATA_DIR: into.dataDir } })
        for (const result of [run('restore', '--from', file, '--force'), run('backup', '--to', `${file}.second`)]) {
          expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(/^The data folder .+ is in use by process \d+: stop that one first/)])
        }
      }
    })
  })

  it.runIf(onPostgres)('says which program is missing', async () => {
    const result = spawnSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/backup.ts', 'backup', '--to', file], { cwd: root, encoding: 'utf8', env: { DATABASE_URL: from.url, PATH: '/nowhere', NODE_ENV: 'test' } })
    expect([result.status, result.stderr]).toEqual([1, expect.stringMatching(/^The program pg_dump is not installed: install PostgreSQL's client programs/)])
    expect(existsSync(file)).toBe(false)
  })
})

it('the commands say how they are used', () => {
  for (const [command, sentence] of [['backup', /--to <file>/], ['restore', /--from <file>/]] as const) {
    try {
      execFileSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/backup.ts', command, '--nonsense'], { cwd: root, stdio: 'pipe' })
      expect.unreachable()
    }
    catch (error) {
      expect((error as { stderr: Buffer }).stderr.toString()).toMatch(sentence)
    }
  }
})
