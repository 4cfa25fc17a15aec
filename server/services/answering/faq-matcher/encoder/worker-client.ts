import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { findAssetsFolder } from '../artifacts'

/** Turns texts into vectors of one width; null when it cannot, now or ever: the caller goes on without. */
export interface SentenceEncoder {
  /** Part of the cache key: vectors of different models never mix. */
  readonly model: string
  /** true: not the encoder that metric and weights were fitted with */
  readonly isForeign?: boolean
  encode(texts: string[]): Promise<Float32Array[] | null>
  close(): Promise<void>
}

interface Reply { id?: number, vectors?: Float32Array, error?: string, fatal?: string, ready?: boolean }

const WIDTH = 512
/** Most texts in one go: about 0.2 s of the worker's time, so that a customer's question is not kept waiting. */
const BATCH = 32

/** Places from which the encoder's packages may be reached: the assets, the program, the working directory. */
function resolutionBases(folder: string): string[] {
  const starts = [folder, process.argv[1] ? dirname(process.argv[1]) : null, process.cwd()]
  return starts.flatMap(start => start && existsSync(start) ? [pathToFileURL(join(start, 'resolve.js')).href] : [])
}

/**
 * Universal Sentence Encoder lite in a worker thread, started by the first question that needs it.
 * When it cannot start (packages left out, no threads), `onUnavailable` is told once and every call gives null.
 */
export class WorkerEncoder implements SentenceEncoder {
  readonly model = 'use-lite-1'
  private worker: Worker | null = null
  private failed = false
  private nextId = 1
  private readonly waiting = new Map<number, (vectors: Float32Array | null) => void>()
  private readonly queue: { urgent: boolean, texts: string[], done: (vectors: Float32Array | null) => void }[] = []
  private busy = false

  constructor(private readonly onUnavailable: (reason: string) => void = () => {}) {}

  /** A single text (a customer waits for it) overtakes the batches of an index being encoded. */
  async encode(texts: string[]): Promise<Float32Array[] | null> {
    const out: Float32Array[] = []
    for (let from = 0; from < texts.length; from += BATCH) {
      const batch = texts.slice(from, from + BATCH)
      const vectors = await this.enqueue(batch, texts.length < BATCH / 2)
      if (!vectors) return null
      batch.forEach((_, i) => out.push(vectors.slice(i * WIDTH, (i + 1) * WIDTH)))
    }
    return out
  }

  async close(): Promise<void> {
    this.failed = true
    await this.worker?.terminate()
    this.stop()
  }

  private enqueue(texts: string[], urgent: boolean): Promise<Float32Array | null> {
    return new Promise((done) => {
      const at = urgent ? this.queue.findIndex(job => !job.urgent) : -1
      this.queue.splice(at < 0 ? this.queue.length : at, 0, { urgent, texts, done })
      this.next()
    })
  }

  private next(): void {
    if (this.busy) return
    const job = this.queue.shift()
    if (!job) return
    const worker = this.failed ? null : this.start()
    if (!worker) {
      job.done(null)
      return this.next()
    }
    this.busy = true
    const id = this.nextId++
    this.waiting.set(id, (vectors) => {
      this.busy = false
      job.done(vectors)
      this.next()
    })
    worker.postMessage({ id, texts: job.texts })
  }

  private start(): Worker | null {
    if (this.worker) return this.worker
    try {
      const folder = findAssetsFolder()
      if (!folder) throw new Error('the matcher\'s assets are missing')
      const source = readFileSync(join(folder, 'encoder-worker.cjs'), 'utf8')
      const worker = new Worker(source, { eval: true, workerData: { resolveFrom: resolutionBases(folder) } })
      worker.unref()
      worker.on('message', (reply: Reply) => this.receive(reply))
      worker.on('error', error => this.fail(error.message))
      worker.on('exit', () => this.fail('the worker stopped'))
      this.worker = worker
    }
    catch (error) {
      this.fail(error instanceof Error ? error.message : String(error))
    }
    return this.worker
  }

  private receive(reply: Reply): void {
    if (reply.fatal) return this.fail(reply.fatal)
    if (reply.id === undefined) return
    const done = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    done?.(reply.vectors ?? null)
  }

  private fail(reason: string): void {
    if (!this.failed) this.onUnavailable(reason)
    this.failed = true
    this.stop()
  }

  private stop(): void {
    this.worker = null
    for (const done of this.waiting.values()) done(null)
    this.waiting.clear()
  }
}
