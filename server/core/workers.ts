import cluster from 'node:cluster'

/*
 * What the processes of one machine say to one another (WORKERS in docs/deployment.md). The primary only starts workers
 * and passes messages on; everything that needs the product happens in a worker.
 */

/** How a worker's start went, for the primary to announce. */
export interface WorkerStarted { demoAccounts: { role: 'customer' | 'admin', email: string, password: string }[] }

export type ToPrimary
  = | { about: 'started', report: WorkerStarted }
    | { about: 'listening' }
    | { about: 'collect', id: number }
    | { about: 'collected', id: number, value: unknown }

export type ToWorker
  = | { about: 'listen' }
    | { about: 'collect', id: number }
    | { about: 'answers', id: number, values: unknown[] }

/** The variable in which the primary tells a worker its number. */
export const WORKER_NUMBER = 'VASILIASBOT_WORKER'

/** 1, 2 … in a worker; the one started in place of a dead one has its number. null: the only process. */
export function workerNumber(): number | null {
  return cluster.isWorker ? Number(process.env[WORKER_NUMBER]) || null : null
}

export function tellPrimary(message: ToPrimary): void {
  // A primary that has gone takes its workers with it; until then there is nobody to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

/** Calls `hear` with each message of the primary about this; call the result to stop. */
export function onPrimary<About extends ToWorker['about']>(about: About, hear: (message: Extract<ToWorker, { about: About }>) => void): () => void {
  const listener = (message: unknown) => {
    if ((message as ToWorker | null)?.about === about) hear(message as Extract<ToWorker, { about: About }>)
  }
  process.on('message', listener)
  return () => void process.off('message', listener)
}

/** What this worker gives whenever one of them collects from all. */
export function answerCollections(give: () => Promise<unknown>): void {
  onPrimary('collect', ({ id }) => {
    // One that cannot answer is left out of the sum, as one that has died is.
    give().then(value => tellPrimary({ about: 'collected', id, value }), () => tellPrimary({ about: 'collected', id, value: null }))
  })
}

/** Above what the primary waits for a worker that does not answer. */
const COLLECT_MS = 5_000
let asked = 0

/** What `answerCollections` gives in every worker of this machine that answers in time; null where there are no workers. */
export function collectFromWorkers<Value>(): Promise<Value[]> | null {
  if (workerNumber() === null) return null
  const id = ++asked
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      stopHearing()
      settle()
    }
    const timer = setTimeout(() => finish(() => reject(new Error('The primary process did not collect in time'))), COLLECT_MS)
    const stopHearing = onPrimary('answers', (message) => {
      if (message.id === id) finish(() => resolve(message.values as Value[]))
    })
    tellPrimary({ about: 'collect', id })
  })
}
