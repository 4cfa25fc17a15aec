import type { TrySignal } from '#shared/contracts/admin-faqs'

/** What the matcher's signals measure, for people. A signal without words here is shown under its own name. */
const words: Record<string, string> = {
  words: 'Same words as a phrasing',
  grams: 'Similar spelling',
  questionCovered: 'How much of the question this FAQ covers',
  phrasingCovered: 'How much of its closest phrasing was asked',
  keyword: 'Mentions the question’s most telling word',
  answerWords: 'Words found in its answer',
  answerVector: 'Meaning close to its answer',
  glove: 'Related words',
  static: 'Meaning close to a phrasing',
  staticCentroid: 'Meaning close to its phrasings together',
  staticPair: 'Meaning close to two of its phrasings',
  classifier: 'Tells it apart from the other FAQs',
  encoder: 'Sentence meaning close to a phrasing',
  encoderCentroid: 'Sentence meaning close to its phrasings together',
  metric: 'Sentence meaning, tuned, close to a phrasing',
  metricCentroid: 'Sentence meaning, tuned, close to its phrasings together',
  metricPair: 'Sentence meaning, tuned, close to two phrasings',
  answerEncoder: 'Sentence meaning close to its answer',
  encoderClassifier: 'Sentence meaning tells it apart from the others',
}

/** The strongest first. */
export function describeSignals(signals: Record<string, number>): TrySignal[] {
  return Object.entries(signals).filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => ({ name, label: words[name] ?? name, value: Math.round(value * 1000) / 1000 }))
    .sort((a, b) => b.value - a.value)
}
