import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildFaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '#server/services/answering/faq-matcher/match'
import { analyse } from '#server/services/answering/faq-matcher/text/analyse'
import { MAX_WORDS } from '#server/services/answering/faq-matcher/text/normalise'
import { segments } from '#server/services/answering/faq-matcher/text/sentences'
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

  it('is bounded work, however long it is: few parts, few words, short words', () => {
    const longest = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1_900, maxLength: 4_000 }),
      fc.array(fc.constantFrom('why', 'Is there parking?', 'πληρωμή', 'thelw', 'zzzzqqqq', '!!!', '\n', 'ﷺ', 'a.'), { minLength: 250, maxLength: 900 }).map(parts => parts.join(' ')),
    )
    fc.assert(fc.property(longest, (text) => {
      const parts = segments(text)
      expect(parts.length).toBeLessThanOrEqual(4)
      for (const part of [text, ...parts]) {
        const { terms, english, typed } = analyse(part, { artifacts: index.artifacts, speller: index.speller, greekTerms: index.greekTerms })
        expect(typed.length).toBeLessThanOrEqual(MAX_WORDS)
        expect(english.length).toBeLessThanOrEqual(4 * MAX_WORDS)
        expect(terms.length).toBeLessThanOrEqual(5 * MAX_WORDS)
        for (const word of typed) expect(word.length).toBeLessThanOrEqual(40)
      }
    }), { numRuns: 60 })
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

  it('wins over another FAQ\'s question that is the same but for a greeting, and over any phrasing', () => {
    const site = buildFaqIndex([
      { id: 'polite', question: 'Hello, where are you? Thanks', answer: '', phrasings: ['What does it cost?'] },
      { id: 'short', question: 'Where are you?', answer: '', phrasings: ['Good morning'] },
      { id: 'price', question: 'What does it cost?', answer: '', phrasings: ['Where are you'] },
    ])
    const winner = (text: string) => matchFaq(site, text, balanced).ranked[0]?.faqId
    expect([winner('HELLO where are you, thanks!'), winner('where are you'), winner('Hi, where are you?'), winner('what does it cost')]).toEqual(['polite', 'short', 'short', 'price'])
  })

  it('never answers when the FAQ is inactive', () => {
    fc.assert(fc.property(fc.constantFrom(...faqs), (faq) => {
      const others = buildFaqIndex(faqs.filter(other => other !== faq))
      expect(matchFaq(others, faq.question, balanced).ranked.some(({ faqId }) => faqId === faq.id)).toBe(false)
    }), { numRuns: 8 })
  })
})

describe('a paraphrase', () => {
  it('gets the same ranking whatever case, accents, punctuation and greetings come with it', () => {
    const paraphrases = fc.constantFrom('where do we leave the cars', 'what if the weather turns bad', 'cost of planning', 'bring my own dj')
    fc.assert(fc.property(paraphrases, fc.constantFrom('', 'Hi! ', 'Good morning, ', 'Kalimera, '), fc.constantFrom('', '?', '!!', ' …', ' Thanks!', ' please'), fc.boolean(), fc.boolean(), (text, start, end, upper, accents) => {
      const plain = matchFaq(index, text, balanced)
      const said = upper ? text.toUpperCase() : text
      expect(matchFaq(index, start + (accents ? said.replace(/[aeiou]/gi, '$&\u0301') : said) + end, balanced)).toEqual(plain)
    }))
  })
})
