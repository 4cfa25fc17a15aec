import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL, fileURLToPath } from 'node:url'
import { createAppServer, type AppServer } from '../support/app-server'

const CLOCK = pathToFileURL(fileURLToPath(new URL('./jumping-clock.mjs', import.meta.url))).href
/** As a supervisor (systemd, Docker) starts a server again that could not start, because its database was away. */
const START_AGAIN_MS = 300
const START_PATIENCE_MS = 120_000

/** A server of the site on a machine with a clock of its own, under a supervisor that starts it again. */
export interface Machine {
  name: string
  origin: string
  start: () => Promise<void>
  /** SIGKILL; says false where it had ended by itself before. */
  kill: () => Promise<boolean>
  /** SIGTERM; the milliseconds it took. */
  stop: () => Promise<number>
  hasEnded: () => boolean
  /** The exit code or signal of its last end; null while it runs. */
  ending: () => number | NodeJS.Signals | null
  /** Whether it has been ready since it was last started. */
  isServing: () => boolean
  /** Sets its clock so many milliseconds ahead of (or, below 0, behind) the database's. */
  setClock: (offsetMs: number) => void
  clockMs: () => number
  /** How often it could not start and was started again. */
  failedStarts: () => number
  /** What it wrote to its log, of all its lives. */
  log: () => string
}

export async function createMachine({ name, entry, folder, variables }: { name: string, entry: string, folder: string, variables: Record<string, string> }): Promise<Machine> {
  const clockFile = join(folder, `${name}.clock`)
  const logFile = join(folder, `${name}.log`)
  writeFileSync(clockFile, '0')
  const server: AppServer = await createAppServer({ entry, logFile, variables: { ...variables, NODE_OPTIONS: `--import ${CLOCK}`, JUMPING_CLOCK: clockFile } })
  let offset = 0
  let serving = false
  let failed = 0
  return {
    name,
    origin: server.origin,
    async start() {
      const until = performance.now() + START_PATIENCE_MS
      for (;;) {
        try {
          await server.start()
          serving = true
          return
        }
        catch (error) {
          if (performance.now() > until) throw error
          failed++
          await pause(START_AGAIN_MS)
        }
      }
    },
    async kill() {
      const lived = !server.hasEnded()
      serving = false
      await server.kill()
      return lived
    },
    stop: () => server.stop(),
    hasEnded: () => server.hasEnded(),
    ending: () => server.ending(),
    isServing: () => serving,
    setClock(offsetMs) {
      offset = Math.round(offsetMs)
      writeFileSync(clockFile, String(offset))
    },
    clockMs: () => offset,
    failedStarts: () => failed,
    log: () => readFileSync(logFile, 'utf8'),
  }
}
