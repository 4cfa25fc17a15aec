import { z } from 'zod'
import { normalise } from '../signals/vectors'
import type { SentenceEncoder } from './worker-client'

export interface EmbeddingEndpoint {
  /** The whole address, such as https://host/v1/embeddings. */
  url: string
  key?: string
  model: string
  /** ms that a customer's question waits for its vector. */
  questionDeadline?: number
  /** ms for a batch of the site's texts, which nobody waits for. */
  batchDeadline?: number
  /** ms without another try after a failure: customers must not wait for a service that is down, one after the other. */
  pause?: number
}

const BATCH = 32
/** As many texts as a message has sentences at most: with so few somebody is waiting. */
const URGENT = 5

const replySchema = z.object({ data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()).min(8).max(16_384) })) })

/**
 * An OpenAI-compatible `/v1/embeddings` in place of the built-in encoder. Gives null when it fails or is too slow, and
 * does not ask again for a while; `onUnavailable` is told once an outage.
 */
export class EndpointEncoder implements SentenceEncoder {
  readonly model: string
  readonly isForeign = true
  private width: number | null = null
  private pausedUntil = 0
  private isDown = false
  private readonly closing = new AbortController()

  constructor(private readonly endpoint: EmbeddingEndpoint, private readonly onUnavailable: (reason: string) => void = () => {}) {
    // The address too: two services may give different vectors under one name.
    this.model = `${endpoint.url} ${endpoint.model}`
  }

  async encode(texts: string[]): Promise<Float32Array[] | null> {
    const vectors: Float32Array[] = []
    const deadline = texts.length <= URGENT ? this.endpoint.questionDeadline ?? 1_500 : this.endpoint.batchDeadline ?? 30_000
    for (let from = 0; from < texts.length; from += BATCH) {
      if (performance.now() < this.pausedUntil || this.closing.signal.aborted) return null
      try {
        vectors.push(...await this.ask(texts.slice(from, from + BATCH), deadline))
        this.isDown = false
      }
      catch (error) {
        this.fail(error)
        return null
      }
    }
    return vectors
  }

  async close(): Promise<void> {
    this.closing.abort()
  }

  private async ask(input: string[], deadline: number): Promise<Float32Array[]> {
    const { url, key, model } = this.endpoint
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify({ model, input, encoding_format: 'float' }),
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(deadline), this.closing.signal]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`status ${response.status}`)
    }
    const reply = replySchema.safeParse(await response.json())
    if (!reply.success) throw new Error('a reply that is not a list of embeddings')
    const rows = new Map(reply.data.data.map(({ index, embedding }) => [index, embedding]))
    return input.map((_, i) => {
      const row = rows.get(i)
      if (!row) throw new Error('a reply without some of the embeddings')
      this.width ??= row.length
      if (row.length !== this.width) throw new Error('embeddings of different lengths')
      return normalise(Float32Array.from(row))
    })
  }

  /** The reason names what went wrong and never the address, the key or a text. */
  private fail(error: unknown): void {
    this.pausedUntil = performance.now() + (this.endpoint.pause ?? 30_000)
    if (this.isDown || this.closing.signal.aborted) return
    this.isDown = true
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const said = error instanceof Error && /^(status|a reply|embeddings)/.test(error.message) ? error.message : 'no connection'
    this.onUnavailable(`the embedding endpoint: ${isLate ? 'no reply in time' : said}`)
  }
}
