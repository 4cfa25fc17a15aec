import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildFaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '#server/services/answering/faq-matcher/match'
import { faqs, index } from './fixture'

const balanced = { strictness: 'balanced' } as const
const anyText = fc.string({ unit: 'binary', maxLength: 2_000 })
const anyQuestion = fc.constantFrom(...faqs.map(faq => faq.question))

describe('any message', () => {
  it('is answered without an exception, with at most five FAQs and scores from 0 to 1', () => {
    fc.assert(fc.property(anyText, (text) => {
      const { ranked } = matchFaq(index, text, balanced)
      expect(ranked.length).toBeLessThanOrEqual(5)
      for (const { score } of ranked) expect(score >= 0 && score <= 1).toBe(true)
    }), { numRuns: 150 })
  })

  it('takes 50 ms at most, at the longest length, of processor time', () => {
    fc.assert(fc.property(fc.oneof(
      fc.string({ unit: 'binary', minLength: 1_900, maxLength: 2_000 }),
      fc.array(fc.constantFrom('why', 'Is there parking?', 'πληρωμή', 'thelw', 'zzzzqqqq', '!!!', '\n'), { minLength: 250, maxLength: 250 }).map(parts => parts.join(' ').slice(0, 2_000)),
    ), (text) => {
      matchFaq(index, text, balanced)
      const before = process.cpuUsage()
      matchFaq(index, text, balanced)
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000).toBeLessThan(process.env.CI ? 250 : 150)
    }), { numRuns: 20 })
  })
})

describe('the exact question of an active FAQ', () => {
  const decorate = fc.record({
    question: anyQuestion,
    upper: fc.boolean(),
    accents: fc.boolean(),
    before: fc.constantFrom('', 'Hi! ', 'hello there, ', 'Good morning. ', 'Γεια σας, ', 'Kalimera! '),
    after: fc.constantFrom('', '!!!', ' thanks', ' Thank you very much.', ' Ευχαριστώ!', ' …'),
  })

  it('always wins, whatever case, accents, punctuation and greetings come with it', () => {
    fc.assert(fc.property(decorate, ({ question, upper, accents, before, after }) => {
      let text = before + question + after
      if (upper) text = text.toUpperCase()
      if (accents) text = text.replace(/[aeiou]/g, '$&\u0301')
      const { decision, ranked } = matchFaq(index, text, balanced)
      expect(decision).toBe('answer')
      expect(faqs.find(faq => faq.id === ranked[0]?.faqId)?.question).toBe(question)
    }))
  })

  it('never answers when the FAQ is inactive', () => {
    fc.assert(fc.property(fc.constantFrom(...faqs), (faq) => {
      const others = buildFaqIndex(faqs.filter(other => other !== faq))
      expect(matchFaq(others, faq.question, balanced).ranked.some(({ faqId }) => faqId === faq.id)).toBe(false)
    }), { numRuns: 8 })
  })
})

describe('a paraphrase', () => {
  it('gets the same ranking whatever its case and closing punctuation', () => {
    const paraphrases = fc.constantFrom('where do we leave the cars', 'what if the weather turns bad', 'cost of planning', 'bring my own dj')
    fc.assert(fc.property(paraphrases, fc.constantFrom('', '?', '!!', ' …'), fc.boolean(), (text, end, upper) => {
      const plain = matchFaq(index, text, balanced)
      expect(matchFaq(index, (upper ? text.toUpperCase() : text) + end, balanced)).toEqual(plain)
    }))
  })
})
