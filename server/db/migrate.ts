import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '#server/core/env'
import type { Database } from './client'

export interface Migration { tag: string, sql: string }

/*
 * Forward-only, keyed on the tag. Drizzle's own migrator skips every entry older than the newest it has applied, so a
 * migration merged late would never run; and several servers that start at once crash each other in it.
 */
const LOCK_KEY = 7_210_415

/** Applies what is missing, each migration in a transaction of its own. Several servers may start at the same moment. */
export async function migrate(database: Database, migrations: Migration[], databaseUrl?: string): Promise<{ applied: string[] }> {
  if (database.kind === 'pglite') return applyMissing(database.runScript, query => readRows(database, query), migrations)
  // Most starts find nothing to do: they need no lock, and on a host of functions no second connection.
  if (await hasAllUnchanged(database, migrations)) return { applied: [] }
  const { default: postgres } = await import('postgres')
  // A session lock belongs to its connection, so lock and migrations share one: a pool would spread them.
  const client = postgres(databaseUrl!, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    await client`select pg_advisory_lock(${LOCK_KEY})`
    return await applyMissing(async script => void await client.unsafe(script), async query => await client.unsafe(query) as unknown as Row[], migrations)
  }
  finally {
    await client.end({ timeout: 5 })
  }
}

/** Whether every migration has been applied; false when the table of migrations is not there. */
export async function isSchemaCurrent(database: Database, migrations: Migration[]): Promise<boolean> {
  const rows = await readRows(database, `select to_regclass('public.schema_migrations') is not null as ready`)
  if (!rows[0]?.ready) return false
  const applied = await readRows(database, 'select tag from schema_migrations')
  const tags = new Set(applied.map(row => row.tag))
  return migrations.every(migration => tags.has(migration.tag))
}

/** The `*.sql` files of a folder, in the order of their numbers. */
export function readMigrationsFrom(folder: string): Migration[] {
  return readdirSync(folder).filter(name => name.endsWith('.sql')).sort()
    .map(name => ({ tag: name.slice(0, -'.sql'.length), sql: readFileSync(join(folder, name), 'utf8') }))
}

async function hasAllUnchanged(database: Database, migrations: Migration[]): Promise<boolean> {
  const [table] = await readRows(database, `select to_regclass('public.schema_migrations') is not null as ready`)
  if (!table?.ready) return false
  const known = new Map((await readRows(database, 'select tag, hash from schema_migrations')).map(row => [row.tag, row.hash]))
  return migrations.every(({ tag, sql }) => known.get(tag) === hashOf(sql))
}

const hashOf = (sql: string) => createHash('sha256').update(sql).digest('hex')

type Row = Record<string, unknown>

async function readRows(database: Database, query: string): Promise<Row[]> {
  const result = await database.db.execute(query) as unknown
  return Array.isArray(result) ? result as Row[] : (result as { rows: Row[] }).rows
}

async function applyMissing(run: (script: string) => Promise<void>, read: (query: string) => Promise<Row[]>, migrations: Migration[]): Promise<{ applied: string[] }> {
  await run('create table if not exists schema_migrations (tag text primary key, hash text not null, applied_at timestamptz(3) not null default now())')
  const known = new Map((await read('select tag, hash from schema_migrations')).map(row => [String(row.tag), String(row.hash)]))
  const applied: string[] = []
  for (const { tag, sql } of migrations) {
    const hash = hashOf(sql)
    const before = known.get(tag)
    if (before === hash) continue
    if (before) throw new StartupError(`The migration ${tag} was changed after this database had applied it: put the file back as it was and add a new migration instead.`)
    await run(`begin;\n${sql}\n;insert into schema_migrations (tag, hash) values ('${tag}', '${hash}');\ncommit;`).catch(async (cause: Error) => {
      await run('rollback').catch(() => {})
      throw new StartupError(`The migration ${tag} failed (${cause.message.split('\n')[0]}): nothing of it was applied.`, { cause })
    })
    applied.push(tag)
  }
  return { applied }
}
