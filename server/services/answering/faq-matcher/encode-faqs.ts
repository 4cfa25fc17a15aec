import type { EncodedFaqs, FaqIndex, Vectors } from './faq-index'
import { centroids } from './index-builder'
import { fitRidge } from './signals/classifier'
import { joinVectors } from './signals/score'
import { applyMetric } from './signals/vectors'

/** Width of the encoder's vectors: Universal Sentence Encoder lite. */
export const ENCODER_WIDTH = 512

function rowsOf(list: Float32Array[], width: number): Vectors {
  const data = new Float32Array(list.length * width)
  list.forEach((row, i) => data.set(row, i * width))
  return { width, data }
}

/** The index with the encoder's view of its texts; a copy, the given one stays as it is. */
export function withEncodedFaqs(index: FaqIndex, vectors: ReadonlyMap<string, Float32Array>): FaqIndex {
  const steps = encodeSteps(index, vectors)
  for (;;) {
    const step = steps.next()
    if (step.done) return { ...index, encoded: step.value }
  }
}

/** As `withEncodedFaqs`, step by step, for a caller that shares the event loop. */
export function* encodeSteps(index: FaqIndex, vectors: ReadonlyMap<string, Float32Array>): Generator<void, EncodedFaqs> {
  const metric = index.artifacts.encoderMetric
  const staticWidth = index.artifacts.staticMetric.outputs
  const faqs = index.faqIds.length
  const vectorOf = (text: string) => vectors.get(text) ?? new Float32Array(ENCODER_WIDTH)
  const plain = rowsOf(index.phraseTexts.map(vectorOf), ENCODER_WIDTH)
  const projected: Float32Array[] = []
  for (const text of index.phraseTexts) {
    projected.push(applyMetric(metric, vectorOf(text)))
    if (projected.length % 16 === 0) yield
  }
  const answers: Float32Array[] = []
  for (const text of index.answerTexts) {
    answers.push(applyMetric(metric, vectorOf(text)))
    if (answers.length % 16 === 0) yield
  }
  const joint = rowsOf(projected.map((row, p) =>
    joinVectors(row, index.statics.data.subarray(p * staticWidth, (p + 1) * staticWidth), staticWidth)), metric.outputs + staticWidth)
  yield
  const classifier = yield* fitRidge(joint.data, joint.width, index.phraseFaq, faqs)
  const inMetric = rowsOf(projected, metric.outputs)
  return {
    plain,
    plainCentroids: centroids(plain, index.phraseFaq, faqs),
    metric: inMetric,
    metricCentroids: centroids(inMetric, index.phraseFaq, faqs),
    answers: rowsOf(answers, metric.outputs),
    answerFaqs: index.answerFaqs,
    classifier,
  }
}
