import { describe, expect, it } from 'vitest'
import { withEncodedFaqs } from '#server/services/answering/faq-matcher/encode-faqs'
import type { FaqIndex } from '#server/services/answering/faq-matcher/faq-index'
import { buildFaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { ALL_SIGNALS, scoreSignals } from '#server/services/answering/faq-matcher/signals/score'
import { analyse } from '#server/services/answering/faq-matcher/text/analyse'
import { faqs, index } from '../fixture'

type Signal = typeof ALL_SIGNALS[number]

function signal(name: Signal, question: string, site: FaqIndex = index, encoded: Float32Array | null = null): Record<string, number> {
  const analysis = analyse(question, { artifacts: site.artifacts, speller: site.speller, greekTerms: site.greekTerms })
  const { values, columns } = scoreSignals(site, analysis, encoded)
  return Object.fromEntries(site.faqIds.map((id, f) => [id, values[f * columns + ALL_SIGNALS.indexOf(name)]!]))
}

function winner(values: Record<string, number>): string {
  return Object.entries(values).sort((a, b) => b[1] - a[1])[0]![0]
}

describe('scoreSignals', () => {
  it.each<[Signal, string, string]>([
    ['words', 'download the invoices', 'invoice'],
    ['grams', 'cancelations', 'cancel'],
    ['questionCovered', 'the price', 'cost'],
    ['phrasingCovered', 'what are your fees', 'cost'],
    ['answerWords', 'pastry partner design', 'cake'],
    ['answerVector', 'who bakes the dessert', 'cake'],
    ['glove', 'storm and snow', 'rain'],
    ['static', 'vehicles of the guests', 'parking'],
    ['staticCentroid', 'forgot the password', 'login'],
    ['staticPair', 'password forgotten', 'login'],
    ['classifier', 'loud music', 'music'],
  ])('%s finds "%s"', (name, question, faqId) => {
    expect(winner(signal(name, question))).toBe(faqId)
  })

  it('corrects a slip towards the site\'s own words', () => {
    expect(winner(signal('words', 'parkign'))).toBe('parking')
  })

  it('gives nothing to FAQs without a word in common', () => {
    expect(signal('words', 'invoice').rain).toBe(0)
  })

  it('fills the encoder\'s signals when the question and the site are encoded', () => {
    const vectors = new Map(index.phraseTexts.concat(index.answerTexts).map((text, i) => {
      const vector = new Float32Array(512)
      vector[i] = 1
      return [text, vector] as const
    }))
    const site = withEncodedFaqs(index, vectors)
    const question = vectors.get(index.phraseTexts[index.phraseFaq.indexOf(3)]!)!
    for (const name of ['encoder', 'encoderCentroid', 'metric', 'metricCentroid', 'metricPair', 'encoderClassifier'] as const) {
      expect(winner(signal(name, 'xyzzy', site, question)), name).toBe('cake')
    }
    const answer = vectors.get(index.answerTexts[index.answerFaqs.indexOf(4)]!)!
    expect(winner(signal('answerEncoder', 'xyzzy', site, answer))).toBe('cancel')
  })

  it('ranks only the most promising FAQs of a large site, the right one among them', () => {
    const many = Array.from({ length: 150 }, (_, i) => ({ id: `x${i}`, question: `What about topic number ${i} of the catalogue?`, answer: '', phrasings: [] }))
    const large = buildFaqIndex([...many, ...faqs])
    const analysis = analyse('where do cars park', { artifacts: large.artifacts, speller: large.speller, greekTerms: large.greekTerms })
    const { candidates } = scoreSignals(large, analysis, null)
    expect(candidates.length).toBeLessThan(large.faqIds.length)
    expect([...candidates].map(f => large.faqIds[f])).toContain('parking')
  })
})
