import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').filter(version => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)) : []
const bin = versions.length ? `/usr/lib/postgresql/${versions.sort((a, b) => Number(b) - Number(a))[0]}/bin` : null
const isRoot = process.getuid?.() === 0

/** Whether this machine can run a PostgreSQL of a test's own. */
export const hasPostgresPrograms = bin !== null

export interface PostgresCluster { url: string, restart: () => void, stop: () => void, start: () => void, remove: () => void }

/** A PostgreSQL of a test's own, to be stopped and started as it likes. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'vb-cluster-'))
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  // It refuses to run as root.
  if (isRoot) {
    const uid = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    chownSync(folder, uid('-u'), uid('-g'))
  }
  chmodSync(folder, 0o700)
  const run = (program: string, ...args: string[]) => {
    const [command, before] = isRoot ? ['runuser', ['-u', 'postgres', '--', `${bin}/${program}`]] : [`${bin}/${program}`, []]
    execFileSync(command as string, [...before as string[], ...args], { stdio: 'ignore', cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } })
  }
  const data = join(folder, 'data')
  const control = (...args: string[]) => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`, ...args)
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8')
  control('start')
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    restart: () => control('-m', 'immediate', 'restart'),
    stop: () => control('-m', 'immediate', 'stop'),
    start: () => control('start'),
    remove: () => {
      try {
        control('-m', 'immediate', 'stop')
      }
      catch { /* It has stopped already. */ }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
