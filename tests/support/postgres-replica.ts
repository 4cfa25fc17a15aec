import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
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

export interface ClusterServer {
  /** The address of its database `postgres`. */
  url: string
  start: () => Promise<void>
  /** At once, as a machine that goes away. */
  stop: () => Promise<void>
}

export interface Cluster { primary: ClusterServer, replica: ClusterServer, destroy: () => Promise<void> }

/** A PostgreSQL of the test's own with a streaming replica, in a temporary folder; takes a few seconds. */
export async function startCluster(programs: string): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'vb-cluster-'))
  chmodSync(folder, 0o777)
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const call = (program: string, ...args: string[]) => isRoot
    ? run('runuser', ['-u', 'postgres', '--', join(programs, program), ...args], { cwd: folder })
    : run(join(programs, program), args, { cwd: folder })

  function server(name: string, port: number): ClusterServer {
    const data = join(folder, name)
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c max_connections=40`
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      start: async () => void await call('pg_ctl', '-D', data, '-w', '-t', '60', '-l', join(folder, `${name}.log`), '-o', options, 'start'),
      stop: async () => void await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop').catch(() => {}),
    }
  }

  const [first, second] = [await freePort(), await freePort()]
  const primary = server('primary', first)
  const replica = server('replica', second)
  await call('initdb', '-D', join(folder, 'primary'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync')
  await primary.start()
  await call('pg_basebackup', '-D', join(folder, 'replica'), '-R', '-X', 'stream', '--checkpoint=fast', '--no-sync', '-h', '127.0.0.1', '-p', String(first), '-U', 'postgres')
  await replica.start()
  return {
    primary,
    replica,
    destroy: async () => {
      await replica.stop()
      await primary.stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}
