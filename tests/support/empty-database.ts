import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { urlOf } from './database-template.postgres'

export interface EmptyDatabase {
  /** What `readEnv` takes: the address of a PostgreSQL database of its own, or a folder for the embedded one. */
  variables: Record<string, string>
  url: string | undefined
  dataDir: string
  drop: () => Promise<void>
}

let numbered = 0

/** A place for a database that nothing has been done to yet, of the kind that TEST_DB names: for starts and migrations. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vb-empty-'))
  const secrets = { AUTH_SECRET: 'test-auth-secret-0123456789abcdef0', ENCRYPTION_KEY: 'test-encryption-key-0123456789abcd' }
  const removeFolder = () => rm(dataDir, { recursive: true, force: true })
  if (process.env.TEST_DB !== 'postgres') return { variables: { DATA_DIR: dataDir, ...secrets }, url: undefined, dataDir, drop: removeFolder }

  const { default: postgres } = await import('postgres')
  const { server, prefix } = inject('postgres')
  const name = `${prefix}${process.env.VITEST_POOL_ID ?? 0}_${process.pid}_empty_${numbered++}`
  const run = async (statement: string) => {
    const admin = postgres(server, { max: 1, onnotice: () => {} })
    await admin.unsafe(statement)
    await admin.end()
  }
  await run(`create database ${name}`)
  const url = urlOf(server, name)
  const drop = async () => {
    await run(`drop database if exists ${name} with (force)`)
    await removeFolder()
  }
  return { variables: { DATABASE_URL: url, DATA_DIR: dataDir, ...secrets }, url, dataDir, drop }
}
