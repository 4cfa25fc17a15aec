import { spawn, type ChildProcess } from 'node:child_process'
import postgres from 'postgres'
import { StartupError } from '#server/core/env'

/*
 * PostgreSQL's own programs do the work: pg_dump takes one consistent picture of a database in use. A restore runs in one
 * transaction: it is there as a whole or not at all.
 */

/** What pg_dump and psql read; on the command line everybody on the machine could see the password. */
function connectionOf(databaseUrl: string): Record<string, string> {
  const url = new URL(databaseUrl)
  const given = {
    PGHOST: decodeURIComponent(url.hostname),
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
    PGSSLMODE: url.searchParams.get('sslmode') ?? '',
    // A wish of the person at the keyboard, such as a longer time-out, has no place here.
    PGOPTIONS: '',
    PGCONNECT_TIMEOUT: '10',
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

interface Program { child: ChildProcess, ended: Promise<{ code: number | null, said: string }> }

function run(name: string, args: string[], databaseUrl: string | null, stdio: ('ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe']): Program {
  const child = spawn(name, args, { stdio, env: { ...process.env, ...(databaseUrl ? connectionOf(databaseUrl) : {}) } })
  let said = ''
  child.stderr!.on('data', chunk => said += chunk)
  const ended = new Promise<{ code: number | null, said: string }>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => reject(new StartupError(cause.code === 'ENOENT'
      ? `The program ${name} is not installed: install PostgreSQL's client programs of the server's version (apt-get install postgresql-client) and try again.`
      : `The program ${name} cannot be run (${cause.code}).`, { cause })))
    child.once('close', code => resolve({ code, said: said.trim().split('\n')[0] ?? '' }))
  })
  return { child, ended }
}

/** Writes the whole database to a file in pg_dump's custom format, while it is in use. */
export async function backUpPostgres(databaseUrl: string, file: string): Promise<void> {
  const { code, said } = await run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', '--lock-wait-timeout=60000', `--file=${file}`], databaseUrl).ended
  if (code !== 0) throw new StartupError(`The backup failed: ${said || `pg_dump ended with ${code}`}.`)
}

/** Puts a backup in place of what the database holds. Without `force` an empty one only; never while a server is on it. */
export async function restorePostgres(databaseUrl: string, file: string, force: boolean): Promise<void> {
  const listed = await run('pg_restore', ['--list', file], null).ended
  if (listed.code !== 0) throw new StartupError(`The file ${file} is damaged or no backup of a PostgreSQL database: ${listed.said}.`)
  await requireFree(databaseUrl, force)
  const psql = run('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--file=-'], databaseUrl, ['pipe', 'ignore', 'pipe'])
  const restore = run('pg_restore', ['--no-owner', '--no-privileges', '--file=-', file], null, ['ignore', 'pipe', 'pipe'])
  const input = psql.child.stdin!
  // psql that stops at an error closes its end; that error is the one to tell.
  input.on('error', () => restore.child.kill())
  input.write('begin;\nset local lock_timeout = \'10s\';\ndrop schema public cascade;\ncreate schema public;\n')
  restore.child.stdout!.pipe(input, { end: false })
  const read = await restore.ended
  // Without a word at the end psql would keep what a damaged file gave before it broke off.
  if (!input.destroyed) input.end(read.code === 0 ? '\ncommit;\n' : '\nrollback;\n')
  const { code, said } = await psql.ended
  if (code !== 0) throw new StartupError(`The restore failed and nothing was changed: ${said || `psql ended with ${code}`}.`)
  if (read.code !== 0) throw new StartupError(`The file ${file} is damaged, nothing was changed: ${read.said}.`)
}

async function requireFree(databaseUrl: string, force: boolean): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    const [found] = await client<{ tables: number, servers: number }[]>`
      select (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')) as tables,
        (select count(*)::int from pg_stat_activity where datname = current_database() and application_name = 'vasiliasbot') as servers`
    if (found!.servers) throw new StartupError('A server is running on this database: stop it first.')
    if (found!.tables && !force) throw new StartupError('This database is not empty: restore into an empty one, or add --force, which removes what is there.')
  }
  catch (cause) {
    if (cause instanceof StartupError) throw cause
    const { host, pathname } = new URL(databaseUrl)
    throw new StartupError(`PostgreSQL at ${host}${pathname} cannot be reached (${(cause as { code?: string }).code ?? (cause as Error).message}): check DATABASE_URL and that the database is running.`, { cause })
  }
  finally {
    await client.end({ timeout: 1 })
  }
}
