import { describe, expect, it, vi } from 'vitest'
import { WorkerEncoder } from '#server/services/answering/faq-matcher/encoder/worker-client'

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

describe('WorkerEncoder', () => {
  it('puts paraphrases closer together than unrelated questions', async () => {
    const encoder = new WorkerEncoder()
    const vectors = await encoder.encode(['how do i reset my password', 'forgot my login details', 'what is the weather today'])
    await encoder.close()
    expect(vectors).toHaveLength(3)
    const [reset, forgot, weather] = vectors!
    expect(cosine(reset!, reset!)).toBeCloseTo(1, 3)
    expect(cosine(reset!, forgot!)).toBeGreaterThan(cosine(reset!, weather!) + 0.2)
  }, 60_000)

  it('says once that it cannot be had, and gives null from then on', async () => {
    const onUnavailable = vi.fn()
    const kept = process.env.MATCHER_ASSETS_DIR
    process.env.MATCHER_ASSETS_DIR = '/nonexistent'
    const encoder = new WorkerEncoder(onUnavailable)
    expect(await encoder.encode(['anything'])).toBeNull()
    expect(await encoder.encode(['anything'])).toBeNull()
    expect(onUnavailable).toHaveBeenCalledTimes(1)
    if (kept === undefined) delete process.env.MATCHER_ASSETS_DIR
    else process.env.MATCHER_ASSETS_DIR = kept
  })
})
