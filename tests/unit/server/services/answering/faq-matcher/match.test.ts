import { afterEach, describe, expect, it, vi } from 'vitest'
import { configureEncoder, prepareEncoder } from '#server/services/answering/faq-matcher/encoder/encoder-service'
import type { SentenceEncoder } from '#server/services/answering/faq-matcher/encoder/worker-client'
import { buildFaqIndex, buildFaqIndexAsync, withNegatives } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq, matchFaqWithEncoder } from '#server/services/answering/faq-matcher/match'
import { faqs, greekIndex, index } from './fixture'

const balanced = { strictness: 'balanced' } as const
const ask = (question: string) => matchFaq(index, question, balanced)
const best = (question: string) => ask(question).ranked[0]?.faqId

describe('matchFaq', () => {
  it('answers the exact question of a FAQ whatever its case, accents, punctuation and greetings', () => {
    expect(ask('Hi there! WHÁT happens, if it rains??? Thanks a lot')).toMatchObject({ decision: 'answer', ranked: [{ faqId: 'rain', score: 1 }] })
  })

  it('answers an exact phrasing', () => {
    expect(ask('how much do you charge')).toMatchObject({ decision: 'answer', ranked: [{ faqId: 'cost' }] })
  })

  it('prefers a FAQ\'s own question to the same words among another FAQ\'s phrasings', () => {
    const twins = buildFaqIndex([
      { id: 'a', question: 'What does it cost?', answer: '', phrasings: ['Where are you?'] },
      { id: 'b', question: 'Where are you?', answer: '', phrasings: [] },
    ])
    expect(matchFaq(twins, 'where are you', balanced).ranked[0]?.faqId).toBe('b')
  })

  it.each([
    ['where do we leave the cars', 'parking'],
    ['what if the weather is terrible', 'rain'],
    ['i forgot my pasword', 'login'],
    ['invioce pdf', 'invoice'],
    ['price list please', 'cost'],
    ['We love the garden. Could a friend of ours play records in the evening? She is a DJ.', 'music'],
  ])('puts the right FAQ first for "%s"', (question, faqId) => {
    expect(best(question)).toBe(faqId)
  })

  it('suggests at most five FAQs, best first, with probabilities that fall', () => {
    const { ranked } = ask('can we bring our own things')
    expect(ranked.length).toBeLessThanOrEqual(5)
    const scores = ranked.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(scores.every(score => score >= 0 && score <= 1)).toBe(true)
  })

  it.each(['', ' ?! ', '👍', 'hello', 'thank you so much!', 'ευχαριστώ πολύ', 'kalimera sas', 'tell me a joke'])('forwards "%s": nothing was asked', (message) => {
    expect(ask(message)).toEqual({ decision: 'forward', ranked: [], usedEncoder: false })
  })

  it('does not dismiss small talk on a site that has a FAQ for it', () => {
    const chatty = buildFaqIndex([...faqs, { id: 'bot', question: 'Are you a robot?', answer: 'Yes.', phrasings: ['Who are you?'] }])
    expect(matchFaq(chatty, 'are you a bot', balanced).ranked[0]?.faqId).toBe('bot')
  })

  it.each(['what is the capital of france', 'who won the world cup', 'translate good night into spanish'])('does not answer "%s"', (question) => {
    expect(ask(question).decision).not.toBe('answer')
  })

  it('offers suggestions when it is torn, and forwards what no FAQ is about', () => {
    expect(ask('can we bring our own drinks').decision).toBe('suggest')
    expect(ask('who won the world cup').decision).toBe('forward')
  })

  it('answers at least as readily when it is told to be eager', () => {
    const order = { forward: 0, suggest: 1, answer: 2 }
    for (const question of ['where can we park', 'music after midnight', 'cake tasting', 'receipt', 'dog']) {
      const [cautious, balancedly, eager] = (['cautious', 'balanced', 'eager'] as const).map(strictness => order[matchFaq(index, question, { strictness }).decision])
      expect(cautious! <= balancedly! && balancedly! <= eager!).toBe(true)
    }
  })

  it.each([
    ['plhrwmh me karta', 'pay'], ['πληρώνετε με κάρτα', 'pay'], ['thelo na akyroso', 'cancel'], ['louloudia', 'flowers'],
    ['στολισμός με άνθη', 'flowers'], ['pou na parkarw', 'parking'],
  ])('understands Greek and Greeklish: "%s"', (question, faqId) => {
    expect(matchFaq(greekIndex, question, balanced).ranked[0]?.faqId).toBe(faqId)
  })

  it('never names a FAQ that is not in the index', () => {
    const fewer = buildFaqIndex(faqs.filter(faq => faq.id !== 'rain'))
    expect(matchFaq(fewer, 'What happens if it rains?', balanced).ranked.some(({ faqId }) => faqId === 'rain')).toBe(false)
  })

  it('has nothing to say without FAQs', () => {
    expect(matchFaq(buildFaqIndex([]), 'is there parking', balanced)).toEqual({ decision: 'forward', ranked: [], usedEncoder: false })
  })

  it('explains itself when asked', () => {
    const { ranked } = matchFaq(index, 'parking for guests', { ...balanced, explain: true })
    expect(ranked[0]?.signals).toHaveProperty('words')
  })
})

describe('learning', () => {
  it('lowers a FAQ for a question that it was said not to answer, and for near ones', () => {
    const question = 'can we park a camper van'
    const before = ask(question)
    const learned = withNegatives(index, [{ question, faqId: 'parking' }])
    const after = matchFaq(learned, question, balanced)
    expect(before.ranked[0]?.faqId).toBe('parking')
    expect(after.ranked[0]?.faqId).not.toBe('parking')
    const near = 'may we park our camper van'
    const score = (from: typeof index) => matchFaq(from, near, balanced).ranked.find(({ faqId }) => faqId === 'parking')?.score ?? 0
    expect(score(learned)).toBeLessThan(score(index))
  })

  it('leaves the FAQ\'s own question alone', () => {
    const learned = withNegatives(index, [{ question: 'can we park a camper van', faqId: 'parking' }])
    expect(matchFaq(learned, 'Is there parking at the venue?', balanced)).toMatchObject({ decision: 'answer', ranked: [{ faqId: 'parking' }] })
  })

  it('answers a learned phrasing at once', () => {
    const learned = buildFaqIndex(faqs.map(faq => faq.id === 'cost' ? { ...faq, phrasings: [...faq.phrasings, 'what would we be looking at'] } : faq))
    expect(matchFaq(learned, 'What would we be looking at?', balanced)).toMatchObject({ decision: 'answer', ranked: [{ faqId: 'cost' }] })
  })
})

describe('buildFaqIndexAsync', () => {
  it('builds the same index', async () => {
    const other = await buildFaqIndexAsync(faqs)
    for (const question of ['where do we leave the cars', 'price list']) expect(matchFaq(other, question, balanced)).toEqual(ask(question))
  })
})

describe('matchFaqWithEncoder', () => {
  afterEach(() => configureEncoder({ enabled: false }))

  const fake = (encode: SentenceEncoder['encode']): SentenceEncoder => ({ model: 'fake', encode, close: async () => {} })
  const unit = (text: string) => {
    const vector = new Float32Array(512)
    vector[text.length % 512] = 1
    return vector
  }

  it('gives the fast path\'s answer when the encoder is off', async () => {
    configureEncoder({ enabled: false })
    expect(await matchFaqWithEncoder(index, 'where do we leave the cars', balanced)).toEqual(ask('where do we leave the cars'))
  })

  it('does not ask the encoder when the question is a FAQ\'s own', async () => {
    const encode = vi.fn(async (texts: string[]) => texts.map(unit))
    configureEncoder({ enabled: true, encoder: fake(encode) })
    await matchFaqWithEncoder(index, 'Is there parking at the venue?', balanced)
    expect(encode).not.toHaveBeenCalled()
  })

  it('uses the encoder for a doubtful question once the site is encoded, with vectors from the cache', async () => {
    const encode = vi.fn(async (texts: string[]) => texts.map(unit))
    const kept = new Map<string, Float32Array>()
    const cache = {
      get: async (hashes: string[]) => new Map(hashes.flatMap(hash => kept.has(hash) ? [[hash, kept.get(hash)!] as const] : [])),
      put: async (entries: { hash: string, vector: Float32Array }[]) => entries.forEach(({ hash, vector }) => kept.set(hash, vector)),
    }
    configureEncoder({ enabled: true, encoder: fake(encode), cache })
    const encoded = await prepareEncoder(buildFaqIndex(faqs))
    expect(kept.size).toBeGreaterThan(faqs.length)
    encode.mockClear()
    await prepareEncoder(buildFaqIndex(faqs))
    expect(encode).not.toHaveBeenCalled()
    expect(await matchFaqWithEncoder(encoded!, 'can we bring our own things', balanced)).toMatchObject({ usedEncoder: true })
  })

  it('falls back to the fast path when the encoder fails', async () => {
    configureEncoder({ enabled: true, encoder: fake(async () => null) })
    const question = 'can we bring our own things'
    expect(await matchFaqWithEncoder(index, question, balanced)).toEqual(ask(question))
  })
})
