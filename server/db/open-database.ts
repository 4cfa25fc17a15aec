import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { StartupError, type Env } from '#server/core/env'
import { pgliteFeed, postgresFeed } from './change-feed'
import { setDatabase, type Database, type Db } from './client'
import { acquireFolderLock } from './folder-lock'
import { observeStatements } from './statement-observer'

const MIN_POSTGRES = 140000

/** Past these a statement, a wait for a lock, a transaction nobody goes on with is ended by PostgreSQL. Milliseconds; 0: never. Migrations have a connection of their own, without them. */
type Limits = Pick<Env, 'DATABASE_STATEMENT_TIMEOUT_MS' | 'DATABASE_LOCK_TIMEOUT_MS' | 'DATABASE_IDLE_TRANSACTION_TIMEOUT_MS'>

export type DatabaseTarget = Pick<Env, 'DATABASE_URL' | 'DATA_DIR' | 'DATABASE_POOL'> & Partial<Limits>

/** Opens PostgreSQL at DATABASE_URL, else PGlite in DATA_DIR, and makes it the one `db()` uses. Throws `StartupError`. */
export async function openDatabase(target: DatabaseTarget): Promise<Database> {
  const database = target.DATABASE_URL ? await openPostgres(target.DATABASE_URL, target.DATABASE_POOL, target) : await openPglite(target.DATA_DIR)
  setDatabase(database)
  return database
}

/** The longest that a connection which could not be opened waits until it is tried again. */
const RECONNECT_S = 1

/**
 * Seconds until a connection is tried again after so many failures in a row, of all of them together. The library's own
 * pauses grow to twenty seconds, for which a database that is back would not be noticed, and nobody told that it is away.
 */
export const reconnectAfter = (failures: number, random = Math.random) => Math.min(3 ** failures / 100, RECONNECT_S) * (0.5 + random() / 2)

/** Connections with the limits that every query of ours keeps; none is opened before the first query. */
export async function postgresClient(url: string, { max, limits = {}, ...connection }: { max: number, limits?: Partial<Limits>, application_name?: string, default_transaction_read_only?: boolean }) {
  const { default: postgres } = await import('postgres')
  return postgres(url, {
    max,
    connect_timeout: 5,
    backoff: reconnectAfter,
    idle_timeout: 300,
    onnotice: () => {},
    connection: {
      application_name: 'vasiliasbot',
      statement_timeout: limits.DATABASE_STATEMENT_TIMEOUT_MS ?? 15_000,
      lock_timeout: limits.DATABASE_LOCK_TIMEOUT_MS ?? 10_000,
      idle_in_transaction_session_timeout: limits.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS ?? 30_000,
      // Compiling a plan takes longer than any query of ours.
      jit: 'off',
      ...connection,
    },
  })
}

async function openPostgres(url: string, max: number, limits: Partial<Limits>): Promise<Database> {
  const [{ default: postgres }, { drizzle }] = await Promise.all([import('postgres'), import('drizzle-orm/postgres-js')])
  const client = await postgresClient(url, { max, limits })
  try {
    const [row] = await client<{ number: number, text: string, encoding: string }[]>`select current_setting('server_version_num')::int as number, current_setting('server_version') as text, current_setting('server_encoding') as encoding`
    if (row!.number < MIN_POSTGRES) throw new StartupError(`PostgreSQL ${row!.text} is too old: use version 14 or newer.`)
    // Others cannot hold every script, and normalize(), which the search is made of, refuses them.
    if (row!.encoding !== 'UTF8') throw new StartupError(`The database ${placeOf(url)} keeps its texts in ${row!.encoding}, and VasiliasBot needs UTF8: make one with createdb --template=template0 --encoding=UTF8, and set DATABASE_URL to it.`)
  }
  catch (cause) {
    await client.end({ timeout: 1 })
    if (cause instanceof StartupError) throw cause
    const reason = (cause as { code?: string }).code ?? (cause as Error).message
    throw new StartupError(`PostgreSQL at ${placeOf(url)} cannot be reached (${reason}): check DATABASE_URL and that the database is running.`, { cause })
  }
  let closing: Promise<void> | undefined
  return {
    db: observeStatements(drizzle(client) as unknown as Db),
    kind: 'postgres',
    exclusive: false,
    runScript: async script => void await client.unsafe(script),
    runPrepared: async (text, parameters) => [...await client.unsafe(text, parameters as string[], { prepare: true })],
    openFeed: postgresFeed(postgres, url, client),
    close: () => closing ??= client.end({ timeout: 5 }),
  }
}

/** Host and database, without user and password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return host + pathname
}

async function openPglite(dataDir: string): Promise<Database> {
  const folder = join(dataDir, 'pglite')
  try {
    mkdirSync(folder, { recursive: true })
  }
  catch (cause) {
    throw new StartupError(`The folder ${dataDir} (DATA_DIR) cannot be written to (${(cause as { code?: string }).code}): make it writable or set DATA_DIR to another folder.`, { cause })
  }
  const lock = await acquireFolderLock(dataDir)
  try {
    const { PGlite } = await import('@electric-sql/pglite')
    return await wrapPglite(await PGlite.create({ dataDir: folder }), lock.release)
  }
  catch (cause) {
    lock.release()
    refuseFullDisk(dataDir, cause)
    throw new StartupError(`The embedded database in ${folder} cannot be opened (${(cause as Error).message.split('\n')[0]}): restore it from a backup or set DATA_DIR to another folder.`, { cause })
  }
}

/** What PGlite needs to open: a segment of its write-ahead log, and somewhat more. */
const ROOM_BYTES = 32 * 1024 * 1024

/** PGlite does not say why it could not open; a disk without room is what can be told from outside. */
function refuseFullDisk(dataDir: string, cause: unknown): void {
  const { bavail, bsize } = statfsSync(dataDir)
  if (bavail * bsize >= ROOM_BYTES) return
  throw new StartupError(`The disk of ${dataDir} (DATA_DIR) has only ${Math.floor(bavail * bsize / 1024 / 1024)} MB left: make room and start again. Nothing that was stored is lost.`, { cause })
}

/** A PGlite that is open already, as a `Database`; `release` runs after it has closed. */
export async function wrapPglite(client: import('@electric-sql/pglite').PGlite, release: () => void = () => {}): Promise<Database> {
  const { drizzle } = await import('drizzle-orm/pglite')
  const db = observeStatements(drizzle(client) as unknown as Db)
  await db.execute(sql`set time zone 'UTC'`)
  let closing: Promise<void> | undefined
  return {
    db,
    kind: 'pglite',
    exclusive: true,
    runScript: async script => void await client.exec(script),
    openFeed: pgliteFeed(client),
    close: () => closing ??= client.close().finally(release),
  }
}
