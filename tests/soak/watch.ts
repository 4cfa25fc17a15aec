import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Sql } from 'postgres'

/** How a server is at one moment. Memory in MB; NaN where it did not say in time. */
export interface Sample {
  /** Seconds since the load began. */
  at: number
  resident: number
  heap: number
  /** What V8 has taken from the system for that heap; it gives back late. */
  heapSize: number
  /** Outside of JavaScript's heap: buffers, WebAssembly. */
  external: number
  threads: number
  files: number
  sockets: number
  /** Of the server's own database. */
  connections: number
}

const MB = 1024 * 1024

/** What one look at the server's process, its metrics and its database gives. Linux only: it reads /proc. */
export async function look(server: { pid: number, origin: string }, sql: Sql, at: number): Promise<Sample> {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  const [metrics, connections] = await Promise.all([readMetrics(server.origin), countConnections(sql)])
  return { at, resident: field('VmRSS') / 1024, threads: field('Threads'), ...openFiles(server.pid), ...metrics, connections }
}

/** Open descriptors: sockets, and all others. */
function openFiles(pid: number): { files: number, sockets: number } {
  const kinds = readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`).startsWith('socket:')]
    }
    // Closed between the two.
    catch {
      return []
    }
  })
  const sockets = kinds.filter(Boolean).length
  return { files: kinds.length - sockets, sockets }
}

async function readMetrics(origin: string): Promise<Pick<Sample, 'heap' | 'heapSize' | 'external'>> {
  const text = await fetch(`${origin}/api/metrics`, { signal: AbortSignal.timeout(4_000) }).then(response => response.text(), () => '')
  const bytes = (name: string) => Number(new RegExp(`^${name} ([\\d.e+]+)`, 'm').exec(text)?.[1])
  return { heap: bytes('nodejs_heap_size_used_bytes') / MB, heapSize: bytes('nodejs_heap_size_total_bytes') / MB, external: bytes('nodejs_external_memory_bytes') / MB }
}

async function countConnections(sql: Sql): Promise<number> {
  const [row] = await sql<[{ count: number }]>`select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name like 'vasiliasbot%'`
  return row.count
}
