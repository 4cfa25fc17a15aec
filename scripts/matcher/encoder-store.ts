import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const WIDTH = 512
const BATCH = 64

/** Encoder vectors of many texts, kept in node_modules/.cache so that a second run takes seconds. */
export class EncoderStore {
  private readonly folder = 'node_modules/.cache/matcher-encoder'
  private readonly texts: string[] = []
  private readonly vectors = new Map<string, Float32Array>()

  constructor() {
    if (!existsSync(`${this.folder}/texts.json`)) return
    this.texts = JSON.parse(readFileSync(`${this.folder}/texts.json`, 'utf8')) as string[]
    const bytes = readFileSync(`${this.folder}/vectors.f32`)
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    this.texts.forEach((text, i) => this.vectors.set(text, all.subarray(i * WIDTH, (i + 1) * WIDTH)))
  }

  get(text: string): Float32Array {
    const vector = this.vectors.get(text)
    if (!vector) throw new Error(`not encoded: ${text}`)
    return vector
  }

  get all(): ReadonlyMap<string, Float32Array> {
    return this.vectors
  }

  /** Encodes what is missing. */
  async ensure(texts: Iterable<string>): Promise<void> {
    const missing = [...new Set(texts)].filter(text => !this.vectors.has(text)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    if (missing.length === 0) return
    const source = readFileSync('server/assets/matcher/encoder-worker.cjs', 'utf8')
    const worker = new Worker(source, { eval: true, workerData: { resolveFrom: [`${process.cwd()}/package.json`] } })
    worker.setMaxListeners(0)
    const reply = () => new Promise<{ vectors?: Float32Array, error?: string, fatal?: string }>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    await reply()
    for (let i = 0; i < missing.length; i += BATCH) {
      const batch = missing.slice(i, i + BATCH)
      worker.postMessage({ id: i, texts: batch })
      const { vectors, error } = await reply()
      if (!vectors) throw new Error(error)
      batch.forEach((text, j) => {
        this.texts.push(text)
        this.vectors.set(text, vectors.slice(j * WIDTH, (j + 1) * WIDTH))
      })
    }
    await worker.terminate()
    this.save()
  }

  private save(): void {
    mkdirSync(this.folder, { recursive: true })
    const all = new Float32Array(this.texts.length * WIDTH)
    this.texts.forEach((text, i) => all.set(this.vectors.get(text)!, i * WIDTH))
    writeFileSync(`${this.folder}/vectors.f32`, Buffer.from(all.buffer))
    writeFileSync(`${this.folder}/texts.json`, JSON.stringify(this.texts))
  }
}
