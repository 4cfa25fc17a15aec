import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadArtifacts } from '#server/services/answering/faq-matcher/artifacts'
import { staticSum } from '#server/services/answering/faq-matcher/signals/vectors'
import { analyse } from '#server/services/answering/faq-matcher/text/analyse'
import { STATIC_METRIC_WIDTH } from '../../../../scripts/matcher/fit-artifacts'
import { fitMetric } from '../../../../scripts/matcher/metric'
import { readUtterances } from '../../../../scripts/matcher/training-data'

const bytes = (numbers: Float32Array) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)

describe('npm run matcher:build', () => {
  it('gives the metric in the repository again, byte for byte, from the utterances in the repository', () => {
    const artifacts = loadArtifacts()
    const utterances = readUtterances()
    const sums = utterances.map(({ text }) => staticSum(artifacts, analyse(text, { artifacts }).english))
    const known = utterances.map((_, i) => i).filter(i => sums[i])
    const { mean, matrix } = fitMetric(known.map(i => sums[i]!), known.map(i => utterances[i]!.intent), STATIC_METRIC_WIDTH)
    expect(Buffer.concat([bytes(mean), bytes(matrix)]).equals(readFileSync('server/assets/matcher/static-metric.f32'))).toBe(true)
  })
})
