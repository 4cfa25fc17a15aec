import { join } from 'node:path'
import type { Results } from './report'
import { startServer, type BenchServer } from './server'

/** What the parts of a run share. */
export interface Bench {
  /** The built server. */
  entry: string
  /** Of each scenario. */
  seconds: number
  /** A folder for logs and whatever else; it goes with the run. */
  folder: string
  results: Results
  say: (line: string) => void
}

let started = 0
const running = new Set<BenchServer>()

/** Ends the servers that run, for a run that is cut off. */
export const stopAll = () => Promise.all([...running].map(server => server.stop()))

/** Runs `work` beside a server that is started for it and stopped after it. */
export async function withServer<Result>({ entry, folder }: Bench, env: Record<string, string>, work: (server: BenchServer) => Promise<Result>, options?: { profiled?: boolean }): Promise<Result> {
  const server = await startServer(entry, env, join(folder, `server-${++started}.log`), options)
  running.add(server)
  try {
    return await work(server)
  }
  finally {
    running.delete(server)
    await server.stop()
  }
}
