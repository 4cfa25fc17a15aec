import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from 'drizzle-orm'
import { readEnv, setEnv, StartupError } from '#server/core/env'
import { isDatabaseOpen, rowsOf } from '#server/db/client'
import { findUserByEmail } from '#server/db/users'
import { isReady, startApplication, stopApplication } from '#server/services/application'
import { setMigrationSource } from '#server/services/migrations'
import { migrations } from '../../support/database-template'
import { emptyDatabase, type EmptyDatabase } from '../../support/empty-database'

const kind = process.env.TEST_DB === 'postgres' ? 'postgres' : 'pglite'

let place: EmptyDatabase
beforeEach(async () => {
  place = await emptyDatabase()
  setMigrationSource(async () => migrations)
  use()
})
afterEach(async () => {
  await stopApplication()
  setEnv(undefined)
  await place.drop()
})

function use(variables: Record<string, string> = {}) {
  setEnv(readEnv({ ...place.variables, LOG_LEVEL: 'silent', SENTENCE_ENCODER: 'off', ...variables }))
}

describe('a start', () => {
  it('migrates and fills an empty database, and finds everything done the next time', async () => {
    const report = await startApplication()
    expect(report).toMatchObject({ database: kind, migrationsApplied: migrations.map(migration => migration.tag) })
    // Nobody is let into a database of several servers by an account that was made up.
    expect(report.demoAccounts.map(account => account.role)).toEqual(kind === 'pglite' ? ['customer', 'admin'] : [])
    expect((await rowsOf<{ count: number }>(sql`select count(*)::int as count from faqs`))[0]!.count).toBeGreaterThan(10)
    await expect(isReady()).resolves.toBe(true)

    await stopApplication()
    expect(isDatabaseOpen()).toBe(false)
    await expect(startApplication()).resolves.toEqual({ database: kind, migrationsApplied: [], demoAccounts: [] })
    await stopApplication()
    await stopApplication()
  })

  it('makes the admin of ADMIN_EMAIL, and then no demo accounts', async () => {
    use({ ADMIN_EMAIL: 'boss@example.com', ADMIN_PASSWORD: 'olive-harbour-lemon' })
    await expect(startApplication()).resolves.toMatchObject({ demoAccounts: [] })
    await expect(findUserByEmail('boss@example.com')).resolves.toMatchObject({ role: 'admin' })
  })

  it('happens once for all requests that wait for it, and is not ready while a migration is missing', async () => {
    const [one, other] = await Promise.all([startApplication(), startApplication()])
    expect(one).toBe(other)
    setMigrationSource(async () => [...migrations, { tag: '9999_newer', sql: 'select 1;' }])
    await expect(isReady()).resolves.toBe(false)
  })

  it('that fails closes the database, and the next request tries again', async () => {
    setMigrationSource(async () => [...migrations, { tag: '9999_broken', sql: 'select from nowhere;' }])
    const failed = startApplication()
    await expect(failed).rejects.toThrow(StartupError)
    await expect(failed).rejects.toThrow('The migration 9999_broken failed')
    expect(isDatabaseOpen()).toBe(false)
    setMigrationSource(async () => migrations)
    await expect(startApplication()).resolves.toMatchObject({ database: kind, migrationsApplied: [] })
  })
})
