import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const WIDTH = 512
const BATCH = 64
const FOLDER = 'node_modules/.cache/matcher-encoder'

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Encoder vectors of many texts. The last bit of a vector depends on what it is encoded together with, so whole batches
 * are cached under their contents, and what makes up a batch never depends on what the cache holds: a build gives the
 * same bytes with and without it.
 */
export class EncoderStore {
  private readonly vectors = new Map<string, Float32Array>()

  get(text: string): Float32Array {
    const vector = this.vectors.get(text)
    if (!vector) throw new Error(`not encoded: ${text}`)
    return vector
  }

  get all(): ReadonlyMap<string, Float32Array> {
    return this.vectors
  }

  /** Encodes what is missing, or takes it from the cache. */
  async ensure(texts: Iterable<string>): Promise<void> {
    const missing = [...new Set(texts)].filter(text => !this.vectors.has(text))
    mkdirSync(FOLDER, { recursive: true })
    let worker: Worker | null = null
    for (const batch of batchesOf(missing)) {
      const file = `${FOLDER}/${digest(batch.join('\n')).toString('hex').slice(0, 40)}.f32`
      let vectors: Float32Array
      if (existsSync(file)) {
        const bytes = readFileSync(file)
        vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
      }
      else {
        worker ??= await startWorker()
        vectors = await encode(worker, batch)
        writeFileSync(file, vectors)
      }
      batch.forEach((text, i) => this.vectors.set(text, vectors.subarray(i * WIDTH, (i + 1) * WIDTH)))
    }
    await worker?.terminate()
  }
}

/** Texts of like length together, chosen by their hash: a text that is new changes its own batch and no other. */
function batchesOf(texts: string[]): string[][] {
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(texts.length / BATCH)) - 2)
  const buckets = new Map<string, string[]>()
  for (const text of [...texts].sort()) {
    const key = `${Math.floor(text.length / 16)}/${digest(text).readUInt32LE() % parts}`
    buckets.set(key, [...(buckets.get(key) ?? []), text])
  }
  return [...buckets.values()].flatMap(bucket =>
    Array.from({ length: Math.ceil(bucket.length / BATCH) }, (_, i) => bucket.slice(i * BATCH, (i + 1) * BATCH)))
}

interface Reply { vectors?: Float32Array, error?: string, fatal?: string }

function nextReply(worker: Worker): Promise<Reply> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function startWorker(): Promise<Worker> {
  const source = readFileSync('server/assets/matcher/encoder-worker.cjs', 'utf8')
  const worker = new Worker(source, { eval: true, workerData: { resolveFrom: [`${process.cwd()}/package.json`] } })
  worker.setMaxListeners(0)
  await nextReply(worker)
  return worker
}

async function encode(worker: Worker, texts: string[]): Promise<Float32Array> {
  worker.postMessage({ id: 0, texts })
  const { vectors, error, fatal } = await nextReply(worker)
  if (!vectors) throw new Error(error ?? fatal)
  return vectors
}
