import postgres from 'postgres'
import { migrate } from '#server/db/migrate'
import { openDatabase } from '#server/db/open-database'
import { setDatabase } from '#server/db/client'
import type { TestProject } from 'vitest/node'
import { migrations, migrationsHash } from './database-template'

const TEMPLATE_LOCK = 7_210_416
const LEFTOVER_AFTER_S = 2 * 60 * 60

/** `TEST_DATABASE_URL`, else this machine's server, where the user postgres may come in without a password. */
export const testServer = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

export function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

/** Makes a migrated template database once per set of migrations; drops this run's databases at the end. */
export default async function (project: TestProject) {
  const template = `vb_test_template_${migrationsHash}`
  const prefix = `vb_test_${Math.floor(Date.now() / 1000).toString(36)}_${process.pid}_`
  const admin = postgres(testServer, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`
    await dropLeftovers(admin)
    const [made] = await admin`select 1 from pg_database where datname = ${template} and datistemplate`
    if (!made) await makeTemplate(admin, template)
  }
  finally {
    await admin.end()
  }
  project.provide('postgres', { server: testServer, template, prefix })
  return async () => {
    const cleaner = postgres(testServer, { max: 1, onnotice: () => {} })
    const names = await cleaner<{ datname: string }[]>`select datname from pg_database where datname like ${`${prefix}%`}`
    for (const { datname } of names) await cleaner.unsafe(`drop database if exists ${datname} with (force)`)
    await cleaner.end()
  }
}

async function makeTemplate(admin: postgres.Sql, template: string) {
  await admin.unsafe(`drop database if exists ${template} with (force)`)
  await admin.unsafe(`create database ${template}`)
  const url = urlOf(testServer, template)
  const database = await openDatabase({ DATABASE_URL: url, DATA_DIR: '', DATABASE_POOL: 1 })
  await migrate(database, migrations, url)
  await database.close()
  setDatabase(undefined)
  // Only a whole template carries the mark, so one whose making was interrupted is made anew.
  await admin.unsafe(`alter database ${template} with is_template true`)
}

/** Databases of runs that were killed: their names carry the time they began. */
async function dropLeftovers(admin: postgres.Sql) {
  const names = await admin<{ datname: string }[]>`select datname from pg_database where datname ~ '^vb_test_[0-9a-z]+_[0-9]+_' and not datistemplate`
  for (const { datname } of names) {
    const begun = Number.parseInt(datname.split('_')[2]!, 36)
    if (Date.now() / 1000 - begun > LEFTOVER_AFTER_S) await admin.unsafe(`drop database if exists ${datname} with (force)`)
  }
}
