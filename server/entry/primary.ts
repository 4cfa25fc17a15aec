import cluster, { type Worker } from 'node:cluster'
import { createServer, type AddressInfo } from 'node:net'
import { env } from '#server/core/env'
import { log } from '#server/core/log'
import { WORKER_NUMBER, type ToPrimary, type ToWorker, type WorkerStarted } from '#server/core/workers'
import { Collections } from './collections'
import { listen } from './listen'
import { createRestartPolicy } from './restart-policy'
import { DRAIN_MS, say, sayReady, saySignal } from './say'

/** The last a worker may take beyond its own limit before it is ended. */
const KILL_AFTER_MS = DRAIN_MS + 5_000

interface Slot {
  readonly number: number
  worker: Worker | null
  state: 'starting' | 'started' | 'serving' | 'gone'
  since: number
  restart?: NodeJS.Timeout
}

/**
 * Keeps so many workers alive on one port. The first prepares the database alone (migrations, seed), then the others
 * start, and the port opens when all of them are ready. `entry` is the file they run.
 */
export async function keepWorkers(entry: string, count: number): Promise<void> {
  const { PORT, HOST } = env()
  const port = await findFree(PORT, HOST)
  // Metrics hold NaN and Infinity, which JSON does not know.
  cluster.setupPrimary({ exec: entry, args: [], serialization: 'advanced' })
  const keeper = new Keeper(port, HOST, count)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => keeper.stop(signal))
  keeper.begin()
}

/** A port that is taken is said at once, and PORT=0 becomes one port for all. */
async function findFree(port: number, host: string): Promise<number> {
  const probe = createServer()
  await listen(probe, port, host)
  const found = (probe.address() as AddressInfo).port
  await new Promise(resolve => probe.close(resolve))
  return found
}

class Keeper {
  private readonly slots: Slot[]
  private readonly policy = createRestartPolicy()
  private readonly collections = new Collections()
  /** `opening`: until the port is open for the first time; a worker that ends before then ends the start. */
  private phase: 'opening' | 'serving' | 'stopping' = 'opening'
  private announced = false
  private exitCode = 0

  constructor(private readonly port: number, private readonly host: string, count: number) {
    this.slots = Array.from({ length: count }, (_, index) => ({ number: index + 1, worker: null, state: 'gone', since: 0 }))
  }

  begin(): void {
    this.fork(this.slots[0]!)
  }

  stop(signal: NodeJS.Signals): void {
    if (this.phase === 'stopping') return
    saySignal(signal)
    this.endAll()
  }

  private fork(slot: Slot): void {
    const worker = cluster.fork({ PORT: String(this.port), [WORKER_NUMBER]: String(slot.number) })
    Object.assign(slot, { worker, state: 'starting', since: performance.now() })
    worker.on('message', (message: ToPrimary) => this.heard(slot, message))
    // A message to a worker that is dying is lost with it.
    worker.on('error', error => log.warn({ of_worker: slot.number, err: error }, 'A worker could not be told something'))
    worker.once('exit', (code, signal) => this.ended(slot, code, signal))
  }

  private heard(slot: Slot, message: ToPrimary): void {
    if (message.about === 'started') this.started(slot, message.report)
    else if (message.about === 'listening') this.serves(slot)
    else if (message.about === 'collect') this.collect(slot, message.id)
    else if (message.about === 'collected') this.collections.answer(message.id, slot.number, message.value)
  }

  private started(slot: Slot, report: WorkerStarted): void {
    slot.state = 'started'
    if (report.demoAccounts.length) log.warn('Demo accounts were made by a server with several workers')
    if (this.phase === 'serving') return tell(slot, { about: 'listen' })
    for (const each of this.slots) if (!each.worker) this.fork(each)
    if (this.slots.every(({ state }) => state === 'started')) {
      for (const each of this.slots) tell(each, { about: 'listen' })
    }
  }

  private serves(slot: Slot): void {
    slot.state = 'serving'
    this.policy.serving()
    log.info({ of_worker: slot.number, pid: slot.worker!.process.pid, start_ms: Math.round(performance.now() - slot.since) }, 'Worker serves')
    if (this.announced || this.slots.some(({ state }) => state !== 'serving')) return
    this.announced = true
    this.phase = 'serving'
    sayReady(this.host, this.port, `PostgreSQL, ${this.slots.length} workers`, [])
  }

  private ended(slot: Slot, code: number | null, signal: string | null): void {
    const death = { worker: slot.number, livedMs: performance.now() - slot.since, served: slot.state === 'serving', othersServing: this.serving().length - Number(slot.state === 'serving') }
    const pid = slot.worker?.process.pid
    Object.assign(slot, { worker: null, state: 'gone' })
    this.collections.forget(slot.number)
    if (this.phase === 'stopping') return this.exitWhenAllHaveEnded()
    if (this.phase === 'opening') {
      // A worker that refused to start has said why.
      if (signal) say(`VasiliasBot cannot start. Worker ${slot.number} was ended by ${signal} before it was ready: look for what ended it (too little memory for so many WORKERS, for instance).`)
      return this.giveUp()
    }
    const pause = this.policy.afterDeath(death)
    if (pause === null) {
      say('VasiliasBot stops: no worker serves any more, and the last that were started ended at once. The lines above say why; correct it and start again.')
      return this.giveUp()
    }
    log.error({ of_worker: slot.number, pid, exit_code: code, signal, lived_ms: Math.round(death.livedMs), again_in_ms: pause }, 'A worker ended and is started again')
    slot.restart = setTimeout(() => this.fork(slot), pause)
  }

  private collect(asker: Slot, id: number): void {
    const serving = this.serving()
    this.collections.begin(serving.map(({ number }) => number), {
      ask: (number, collection) => tell(this.slots[number - 1]!, { about: 'collect', id: collection }),
      done: values => tell(asker, { about: 'answers', id, values }),
    })
  }

  private serving(): Slot[] {
    return this.slots.filter(({ state }) => state === 'serving')
  }

  private giveUp(): void {
    this.exitCode = 1
    this.endAll()
  }

  private endAll(): void {
    this.phase = 'stopping'
    for (const slot of this.slots) {
      clearTimeout(slot.restart)
      // Not worker.kill(): it closes the channel first, and a worker without its channel ends in the middle of its requests.
      slot.worker?.process.kill('SIGTERM')
    }
    setTimeout(() => {
      this.exitCode = 1
      for (const { worker } of this.slots) worker?.process.kill('SIGKILL')
    }, KILL_AFTER_MS).unref()
    this.exitWhenAllHaveEnded()
  }

  private exitWhenAllHaveEnded(): void {
    if (this.slots.some(({ worker }) => worker)) return
    log.flush?.()
    process.exit(this.exitCode)
  }
}

function tell(slot: Slot, message: ToWorker): void {
  if (slot.worker?.isConnected()) slot.worker.send(message)
}
