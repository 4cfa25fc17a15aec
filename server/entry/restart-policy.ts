/*
 * When a worker that has died is started again. One that had served for a while comes back at once; one that keeps
 * dying waits longer each time, so that it does not take the machine from those that serve.
 */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** A worker that has lived this long was not broken from the start. */
const LONG_LIFE_MS = 30_000
/** So many starts in a row may fail while no worker serves. */
const FAILED_STARTS = 5

export interface Death {
  worker: number
  livedMs: number
  /** Whether it had begun to serve. */
  served: boolean
  /** How many of the others serve now. */
  othersServing: number
}

export interface RestartPolicy {
  /** How many milliseconds to wait before this worker is started again; null: no start helps, give up. */
  afterDeath: (death: Death) => number | null
  /** A worker serves: what failed before counts no more towards giving up. */
  serving: () => void
}

export function createRestartPolicy(): RestartPolicy {
  const quickDeaths = new Map<number, number>()
  let failedStarts = 0
  return {
    afterDeath({ worker, livedMs, served, othersServing }) {
      failedStarts = served ? 0 : failedStarts + 1
      if (failedStarts >= FAILED_STARTS && othersServing === 0) return null
      const quick = livedMs >= LONG_LIFE_MS ? 0 : (quickDeaths.get(worker) ?? 0) + 1
      quickDeaths.set(worker, quick)
      return quick === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (quick - 1), LONGEST_PAUSE_MS)
    },
    serving() {
      failedStarts = 0
    },
  }
}
