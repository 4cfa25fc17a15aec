import { builtInSpace, type EncoderSpace } from './encoder/encoder-space'
import type { EncodedFaqs, FaqIndex, Vectors } from './faq-index'
import { centroids } from './index-builder'
import { fitRidge } from './signals/classifier'
import { joinVectors } from './signals/score'
import { joinRows } from './signals/vectors'

/** Width of the encoder's vectors: Universal Sentence Encoder lite. */
export const ENCODER_WIDTH = 512

const rowsOf = (list: Float32Array[], width: number): Vectors => ({ width, data: joinRows(list, width) })

/** The index with the encoder's view of its texts; a copy, the given one stays as it is. */
export function withEncodedFaqs(index: FaqIndex, vectors: ReadonlyMap<string, Float32Array>): FaqIndex {
  const steps = encodeSteps(index, vectors, builtInSpace(index.artifacts))
  for (;;) {
    const step = steps.next()
    if (step.done) return { ...index, encoded: step.value }
  }
}

/** As `withEncodedFaqs`, step by step, for a caller that shares the event loop. */
export function* encodeSteps(index: FaqIndex, vectors: ReadonlyMap<string, Float32Array>, space: EncoderSpace): Generator<void, EncodedFaqs> {
  const staticWidth = index.artifacts.staticMetric.outputs
  const faqs = index.faqIds.length
  const width = vectors.values().next().value?.length ?? ENCODER_WIDTH
  const vectorOf = (text: string) => space.prepare(vectors.get(text) ?? new Float32Array(width))
  const plain = rowsOf(index.phraseTexts.map(vectorOf), width)
  const projected: Float32Array[] = []
  for (const text of index.phraseTexts) {
    projected.push(space.project(vectorOf(text)))
    if (projected.length % 16 === 0) yield
  }
  const answers: Float32Array[] = []
  for (const text of index.answerTexts) {
    answers.push(space.project(vectorOf(text)))
    if (answers.length % 16 === 0) yield
  }
  const inMetricWidth = projected[0]?.length ?? width
  const joint = rowsOf(projected.map((row, p) =>
    joinVectors(row, index.statics.data.subarray(p * staticWidth, (p + 1) * staticWidth), staticWidth)), inMetricWidth + staticWidth)
  yield
  const classifier = yield* fitRidge(joint.data, joint.width, index.phraseFaq, faqs)
  const inMetric = rowsOf(projected, inMetricWidth)
  return {
    plain,
    plainCentroids: yield* centroids(plain, index.phraseFaq, faqs),
    metric: inMetric,
    metricCentroids: yield* centroids(inMetric, index.phraseFaq, faqs),
    answers: rowsOf(answers, inMetricWidth),
    answerFaqs: index.answerFaqs,
    classifier,
    space,
  }
}
