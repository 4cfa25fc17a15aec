import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StartupError } from '#server/core/env'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { seedNewDatabase } from '#server/services/seed'
import { sql } from 'drizzle-orm'
import { startApi, type ApiHarness } from '../../support/api'
import { migrations } from '../../support/database-template'

/** A disk of its own, small; null where this process may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'vb-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  }
  catch {
    rmSync(folder, { recursive: true })
    return null
  }
}

const disk = process.env.TEST_DB === 'postgres' ? null : smallDisk()

describe.skipIf(!disk)(disk ? 'a disk' : 'a disk of its own cannot be mounted here (that needs root), so full and read-only ones are not tested', () => {
  let api: ApiHarness
  let first: Database
  let own: Database | undefined
  const open = async () => own = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: disk!, DATABASE_POOL: 1 })
  const close = async () => {
    await own?.close()
    own = undefined
    setDatabase(undefined)
  }
  const makeRoom = () => rmSync(join(disk!, 'filler'), { force: true })
  /** Leaves so many bytes free. */
  const fill = (left: number) => {
    makeRoom()
    const { bavail, bsize } = statfsSync(disk!)
    writeFileSync(join(disk!, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - left)))
  }
  const refusal = async () => {
    const error: unknown = await open().then(() => null, refused => refused)
    expect(error).toBeInstanceOf(StartupError)
    return (error as Error).message
  }
  beforeAll(async () => {
    api = await startApi()
    first = api.db.database
    await migrate(await open(), migrations)
    await seedNewDatabase({ demoAccounts: false })
  }, 120_000)
  afterAll(async () => {
    await api.settled()
    await close()
    setDatabase(first)
    execFileSync('umount', ['-l', disk!])
    rmSync(disk!, { recursive: true, force: true })
    await api.close()
  })

  it('that is full is said with 503; what was acknowledged stays, and with room again it goes on', async () => {
    const anna = await api.customer('Anna')
    const send = () => anna.post('/api/chatbot/messages', { message_text: `What happens if it rains? ${'x'.repeat(1900)}` })
    fill(0)
    let acknowledged = 0
    let answer = await send()
    for (; answer.status === 200 && acknowledged < 1000; answer = await send()) acknowledged++
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '30'])
    expect(answer.body.error).toContain('disk is full')
    expect((await api.visitor().get('/api/health/live')).status).toBe(200)
    const stored = async () => (await rowsOf<{ count: number }>(sql`select count(*)::int as count from messages where sender = 'customer'`))[0]!.count
    expect(await stored()).toBe(acknowledged)
    makeRoom()
    await expect.poll(async () => (await send()).status, { timeout: 20_000 }).toBe(200)
    expect(await stored()).toBe(acknowledged + 1)
    await api.settled()
    await close()
    await open()
    expect(await stored()).toBe(acknowledged + 1)
  })

  it('that is full, or read-only, is said at the start, with what to do; after that everything is there', async () => {
    const count = async () => (await rowsOf(sql`select count(*)::int as count from messages`))
    if (!own) await open()
    const before = await count()
    await close()
    fill(4096)
    expect(await refusal()).toMatch(/has only 0 MB left: make room and start again\. Nothing that was stored is lost\.$/)
    fill(0)
    expect(await refusal()).toMatch(/make room/)
    makeRoom()
    execFileSync('mount', ['-o', 'remount,ro', disk!])
    expect(await refusal()).toMatch(/cannot be written \(EROFS\): its disk is read-only; mount it for writing or set DATA_DIR to another folder\.$/)
    execFileSync('mount', ['-o', 'remount,rw', disk!])
    await open()
    expect(await count()).toEqual(before)
  })
})
