import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EndpointEncoder } from '#server/services/answering/faq-matcher/encoder/embedding-endpoint'
import { configureEncoder, prepareEncoder } from '#server/services/answering/faq-matcher/encoder/encoder-service'
import { buildFaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq, matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import { ALL_SIGNALS } from '#server/services/answering/faq-matcher/signals/score'
import { embed, startEmbeddingServer, type EmbeddingServer } from '../../../../../../support/embedding-server'
import { faqs, index } from '../fixture'

const balanced = { strictness: 'balanced' } as const
const doubtful = 'can we bring our own things'

let service: EmbeddingServer
beforeAll(async () => {
  service = await startEmbeddingServer()
})
beforeEach(() => {
  service.behave(embed.rightly())
  service.requests.length = 0
})
afterEach(() => configureEncoder({ enabled: false }))
afterAll(() => service.close())

// Patient: what fails here is what the service says, not how busy the machine is.
const encoderWith = (more: object = {}, onUnavailable = vi.fn()) => new EndpointEncoder({ url: service.url, model: 'small', questionDeadline: 30_000, ...more }, onUnavailable)

describe('an embedding endpoint', () => {
  it('is sent model, texts and key, and its vectors come back in order and with length one', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `text ${i}`)
    const vectors = await encoderWith({ key: 'secret-key' }).encode(texts)
    expect(service.requests.map(({ model, input, headers }) => [model, input.length, headers.authorization])).toEqual([['small', 32, 'Bearer secret-key'], ['small', 8, 'Bearer secret-key']])
    const [alone] = (await encoderWith().encode(['text 7']))!
    expect(vectors![7]).toEqual(alone)
    expect(Math.hypot(...vectors![39]!)).toBeCloseTo(1, 5)
    expect(service.requests[2]!.headers.authorization).toBeUndefined()
  })

  it.each([
    ['an error', embed.status(500), 'the embedding endpoint: status 500'],
    ['a refused key', embed.status(401), 'the embedding endpoint: status 401'],
    ['something else', embed.json({ result: [] }), 'the embedding endpoint: a reply that is not a list of embeddings'],
    ['too few', embed.json({ data: [{ index: 5, embedding: new Array(8).fill(0.1) }] }), 'the embedding endpoint: a reply without some of the embeddings'],
    ['no JSON', embed.text('<html>'), 'the embedding endpoint: no connection'],
    ['a cut connection', embed.cut(), 'the embedding endpoint: no connection'],
  ])('that gives %s is left alone for a while, with one word about it', async (_, behaviour, reason) => {
    service.behave(behaviour)
    const onUnavailable = vi.fn()
    const encoder = encoderWith({ key: 'secret-key' }, onUnavailable)
    expect(await encoder.encode(['one'])).toBeNull()
    expect(await encoder.encode(['two'])).toBeNull()
    expect(service.requests).toHaveLength(1)
    expect(onUnavailable.mock.calls).toEqual([[reason]])
  })

  it('that says nothing is not waited for', async () => {
    service.behave(embed.hang())
    const onUnavailable = vi.fn()
    expect(await encoderWith({ questionDeadline: 100 }, onUnavailable).encode(['one'])).toBeNull()
    expect(onUnavailable.mock.calls).toEqual([['the embedding endpoint: no reply in time']])
  })

  it('is asked again after the pause', async () => {
    service.behave(embed.status(503))
    const encoder = encoderWith({ pause: 0 })
    expect(await encoder.encode(['one'])).toBeNull()
    service.behave(embed.rightly())
    expect(await encoder.encode(['one'])).toHaveLength(1)
  })

  it('refuses vectors that change their length', async () => {
    const encoder = encoderWith({ pause: 0 })
    await encoder.encode(['one'])
    service.behave(embed.rightly(32))
    expect(await encoder.encode(['one'])).toBeNull()
  })

  it('gives nothing once it is closed', async () => {
    const encoder = encoderWith()
    await encoder.close()
    expect(await encoder.encode(['one'])).toBeNull()
    expect(service.requests).toHaveLength(0)
  })
})

describe('a site encoded by an endpoint', () => {
  it('answers doubtful questions with it, and keeps its vectors apart from other models\'', async () => {
    const models = new Set<string>()
    const cache = { get: async () => new Map<string, Float32Array>(), put: async (entries: { model: string }[]) => entries.forEach(({ model }) => models.add(model)) }
    configureEncoder({ enabled: true, encoder: encoderWith(), cache })
    const encoded = await prepareEncoder(buildFaqIndex(faqs))
    expect(models).toEqual(new Set([`${service.url} small`]))
    const match = await matchFaqWithEncoder(encoded!, doubtful, balanced)
    expect(match.usedEncoder).toBe(true)
    expect(match.ranked[0]!.score).toBeGreaterThan(0)
  })

  it('means the same however near to each other a model puts all its texts', async () => {
    const seen: Record<string, number>[] = []
    for (const common of [0.5, 6]) {
      service.behave(embed.rightly(256, common))
      configureEncoder({ enabled: true, encoder: encoderWith({ model: `common ${common}` }) })
      const encoded = await prepareEncoder(buildFaqIndex(faqs))
      const { ranked, usedEncoder } = await matchFaqWithEncoder(encoded!, doubtful, { ...balanced, explain: true })
      expect(usedEncoder).toBe(true)
      seen.push(Object.fromEntries(ALL_SIGNALS.map(name => [name, ranked[0]!.signals![name]!])))
    }
    for (const name of ['encoder', 'encoderCentroid', 'metric', 'metricCentroid', 'metricPair'] as const) {
      expect(Math.abs(seen[0]![name]! - seen[1]![name]!), name).toBeLessThan(0.1)
    }
  })

  it('takes vectors wider than the site has phrasings', async () => {
    service.behave(embed.rightly(640))
    configureEncoder({ enabled: true, encoder: encoderWith() })
    const encoded = await prepareEncoder(buildFaqIndex(faqs))
    expect(encoded!.encoded!.plain.width).toBe(640)
    expect((await matchFaqWithEncoder(encoded!, 'where do we leave the cars', balanced)).ranked[0]!.faqId).toBe('parking')
  })

  it('falls back to words when the service is gone by the time of the question', async () => {
    configureEncoder({ enabled: true, encoder: encoderWith() })
    const encoded = await prepareEncoder(buildFaqIndex(faqs))
    service.behave(embed.status(502))
    expect(await matchFaqWithEncoder(encoded!, doubtful, balanced)).toEqual(matchFaq(index, doubtful, balanced))
  })
})
