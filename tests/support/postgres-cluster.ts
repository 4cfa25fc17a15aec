import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where PostgreSQL's own programs are; null: only its client, or nothing, is installed here. */
export function findPostgresPrograms(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)).map(version => `/usr/lib/postgresql/${version}/bin`) : []
  return [...versions, '/usr/local/bin', '/opt/homebrew/bin'].find(folder => ['initdb', 'pg_ctl', 'pg_basebackup'].every(name => existsSync(join(folder, name)))) ?? null
}

export interface PostgresServer {
  /** The address of its database `postgres`. */
  url: string
  /** Waits until it answers; throws when it cannot. One that runs is left alone. */
  start: () => Promise<void>
  /** At once, as a machine that goes away: what was committed is read back from its log at the next start. */
  stop: () => Promise<void>
  isRunning: () => Promise<boolean>
}

export interface PostgresCluster extends PostgresServer {
  /** A streaming replica of it, started. */
  addReplica: () => Promise<PostgresServer>
  /** Ends its servers and removes everything. */
  destroy: () => Promise<void>
}

export interface ClusterOptions {
  /** From `findPostgresPrograms`. */
  programs: string
  /** An empty folder to be in; a temporary one when left out. It is removed, or (a given one) emptied, by `destroy`. */
  folder?: string
  /** Of postgresql.conf, beside those that every cluster of a test has. */
  settings?: Record<string, string | number>
  /** For initdb, beside its usual ones. */
  initdb?: string[]
}

/** A PostgreSQL of a test's own, to be stopped and started as it likes; takes a second or two. */
export async function startPostgresCluster({ programs, folder: given, settings = {}, initdb = [] }: ClusterOptions): Promise<PostgresCluster> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'vb-cluster-'))
  const call = asPostgres(programs, folder)
  const servers: PostgresServer[] = []
  const own = { fsync: 'off', max_connections: 40, ...settings }

  async function server(name: string): Promise<PostgresServer & { port: number }> {
    const data = join(folder, name)
    const port = await freePort()
    const options = Object.entries({ port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...own }).map(([key, value]) => `-c ${key}=${value}`).join(' ')
    const isRunning = () => call('pg_ctl', '-D', data, 'status').then(() => true, () => false)
    const made = {
      port,
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      isRunning,
      start: async () => {
        if (!await isRunning()) await call('pg_ctl', '-D', data, '-w', '-t', '60', '-l', join(folder, `${name}.log`), '-o', options, 'start')
      },
      stop: async () => void await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop').catch(() => {}),
    }
    servers.push(made)
    return made
  }

  const primary = await server('data')
  await call('initdb', '-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...initdb)
  await primary.start()
  return {
    ...primary,
    addReplica: async () => {
      const replica = await server('replica')
      await call('pg_basebackup', '-D', join(folder, 'replica'), '-R', '-X', 'stream', '--checkpoint=fast', '--no-sync', '-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres')
      await replica.start()
      return replica
    },
    destroy: async () => {
      for (const each of servers.reverse()) await each.stop()
      const goes = given ? readdirSync(folder).map(name => join(folder, name)) : [folder]
      for (const path of goes) rmSync(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Runs PostgreSQL's programs; as the user `postgres` where this process is root, because they refuse root. */
function asPostgres(programs: string, folder: string) {
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    chownSync(folder, id('-u'), id('-g'))
  }
  chmodSync(folder, 0o700)
  const environment = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  return (program: string, ...args: string[]) => isRoot
    ? run('runuser', ['-u', 'postgres', '--', join(programs, program), ...args], environment)
    : run(join(programs, program), args, environment)
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}
