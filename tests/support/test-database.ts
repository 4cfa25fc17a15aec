import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { inject } from 'vitest'
import { readEnv, setEnv } from '#server/core/env'
import { rowsOf, setDatabase, type Database } from '#server/db/client'
import { openDatabase, wrapPglite } from '#server/db/open-database'
import { urlOf } from './database-template.postgres'

export interface TestDatabase {
  database: Database
  /** The PostgreSQL address of this file's own database; undefined on PGlite. */
  url: string | undefined
  /** Empties every table, quicker than a new database. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

let numbered = 0

/**
 * A migrated, empty database of this test file's own, on the kind that TEST_DB names, in force for `db()` and `env()`.
 * `variables` are environment variables for `env()`, such as `RATE_LIMITS: 'off'`.
 */
export async function openTestDatabase(variables: Record<string, string> = {}): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vb-test-'))
  const secrets = { AUTH_SECRET: 'test-auth-secret-0123456789abcdef0', ENCRYPTION_KEY: 'test-encryption-key-0123456789abcd' }
  const { database, url } = process.env.TEST_DB === 'postgres' ? await fromPostgresTemplate() : await fromPgliteTemplate()
  setDatabase(database)
  setEnv(readEnv({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...secrets, ...(url ? { DATABASE_URL: url } : {}), ...variables }))
  return {
    database,
    url,
    reset,
    close: async () => {
      await database.close()
      setDatabase(undefined)
      setEnv(undefined)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function fromPgliteTemplate() {
  const { PGlite } = await import('@electric-sql/pglite')
  const client = await PGlite.create({ loadDataDir: new Blob([readFileSync(inject('pgliteTemplate'))]) })
  return { database: await wrapPglite(client), url: undefined }
}

async function fromPostgresTemplate() {
  const { default: postgres } = await import('postgres')
  const { server, template, prefix } = inject('postgres')
  const name = `${prefix}${process.env.VITEST_POOL_ID ?? 0}_${process.pid}_${numbered++}`
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name} template ${template}`)
  await admin.end()
  const url = urlOf(server, name)
  const database = await openDatabase({ DATABASE_URL: url, DATA_DIR: '', DATABASE_POOL: 10 })
  return {
    url,
    database: {
      ...database,
      close: async () => {
        await database.close()
        const cleaner = postgres(server, { max: 1, onnotice: () => {} })
        await cleaner.unsafe(`drop database if exists ${name} with (force)`)
        await cleaner.end()
      },
    },
  }
}

async function reset() {
  const tables = await rowsOf<{ name: string }>(sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`)
  await rowsOf(sql.raw(`truncate ${tables.map(table => table.name).join(', ')} cascade`))
}
