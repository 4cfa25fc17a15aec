import type { MatcherArtifacts } from '../artifacts'
import { applyMetric, dot, joinRows, normalise } from '../signals/vectors'

/** value × factor + offset */
export interface Scale { factor: number, offset: number }

/** How vectors of one encoder become signals that the fitted weights understand. */
export interface EncoderSpace {
  /** A sentence's vector, made comparable, unit length. */
  prepare(vector: Float32Array): Float32Array
  /** A prepared vector under the metric, unit length. */
  project(vector: Float32Array): Float32Array
  /** For cosines of prepared vectors, and under the metric. */
  plain: Scale
  metric: Scale
  /** Everyday questions under the metric, one after the other. */
  background: Float32Array
}

export const scaled = (value: number, { factor, offset }: Scale) => value * factor + offset

const SAME: Scale = { factor: 1, offset: 0 }

/** The built-in encoder's own: the learned metric, cosines as they are. */
export function builtInSpace(artifacts: MatcherArtifacts): EncoderSpace {
  return { prepare: vector => vector, project: vector => applyMetric(artifacts.encoderMetric, vector), plain: SAME, metric: SAME, background: artifacts.backgroundEncoded }
}

interface Spread { mean: number, deviation: number }

/** Every fourth background question: 4,560 pairs tell the spread as well, in milliseconds. */
const SAMPLE = 4

/** Mean and standard deviation of the cosines between pairs of unit vectors, every `step`th vector taken. */
export function spreadOf(data: Float32Array, width: number, step = SAMPLE): Spread {
  const count = Math.floor(data.length / (width * step))
  let sum = 0
  let squares = 0
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const cosine = dot(data, data, width, a * step * width, b * step * width)
      sum += cosine
      squares += cosine * cosine
    }
  }
  const pairs = count * (count - 1) / 2
  const mean = sum / pairs
  return { mean, deviation: Math.sqrt(Math.max(0, squares / pairs - mean * mean)) }
}

function scaleFrom(own: Spread, wanted: Spread): Scale {
  const factor = wanted.deviation / (own.deviation || 1)
  return { factor, offset: wanted.mean - own.mean * factor }
}

/**
 * Another model's: no metric was learned for it, so its common direction is taken out instead; and its cosines are
 * moved and stretched until unrelated questions (the background) lie as far apart as they do for the built-in encoder.
 * `background` are that model's vectors of the background questions.
 */
export function foreignSpace(artifacts: MatcherArtifacts, background: Float32Array[]): EncoderSpace {
  const width = background[0]!.length
  const mean = new Float32Array(width)
  for (const row of background) for (let k = 0; k < width; k++) mean[k]! += row[k]! / background.length
  const prepare = (vector: Float32Array) => normalise(vector.map((x, k) => x - mean[k]!))
  const prepared = joinRows(background.map(prepare), width)
  const own = spreadOf(prepared, width)
  return {
    prepare,
    project: vector => vector,
    plain: scaleFrom(own, artifacts.plainSpread),
    metric: scaleFrom(own, spreadOf(artifacts.backgroundEncoded, artifacts.encoderMetric.outputs)),
    background: prepared,
  }
}
