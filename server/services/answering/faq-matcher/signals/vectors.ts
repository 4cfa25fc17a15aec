import type { LinearMetric, MatcherArtifacts } from '../artifacts'
import { STOPWORDS } from '../text/stopwords'

/** Four sums side by side: the processor need not wait for one before it begins the next. */
export function dot(a: Float32Array, b: Float32Array, length = a.length, aFrom = 0, bFrom = 0): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    first += a[aFrom + i]! * b[bFrom + i]!
    second += a[aFrom + i + 1]! * b[bFrom + i + 1]!
    third += a[aFrom + i + 2]! * b[bFrom + i + 2]!
    fourth += a[aFrom + i + 3]! * b[bFrom + i + 3]!
  }
  for (; i < length; i++) first += a[aFrom + i]! * b[bFrom + i]!
  return first + second + third + fourth
}

/** Rows of one width, one after the other. */
export function joinRows(rows: Float32Array[], width: number): Float32Array {
  const joined = new Float32Array(rows.length * width)
  rows.forEach((row, i) => joined.set(row, i * width))
  return joined
}

/** Scales to unit length in place; a zero vector stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector)) || 1
  for (let i = 0; i < vector.length; i++) vector[i]! /= norm
  return vector
}

/** (vector − mean) × matrix, to unit length. */
export function applyMetric(metric: LinearMetric, vector: Float32Array, from = 0): Float32Array {
  const { mean, matrix, inputs, outputs } = metric
  const out = new Float32Array(outputs)
  for (let i = 0; i < inputs; i++) {
    const x = vector[from + i]! - mean[i]!
    const row = i * outputs
    for (let k = 0; k < outputs; k++) out[k]! += x * matrix[row + k]!
  }
  return normalise(out)
}

// words whose summed weight stays below this are all function words: their mean would be noise
const MIN_STATIC = 0.05
const MIN_GLOVE = 0.2

function frequencyWeight(artifacts: MatcherArtifacts, row: number): number {
  return 1e-3 / (1e-3 + 1 / ((artifacts.ranks[row]! + 10) * 12))
}

/** Row of the word, or of a plain inflection of it. */
function rowOf(artifacts: MatcherArtifacts, word: string, limit: number): number | undefined {
  const row = artifacts.rows.get(word)
  if (row !== undefined && row < limit) return row
  for (const ending of ['s', 'es', 'ing', 'ed', 'ly']) {
    if (word.length - ending.length < 4 || !word.endsWith(ending)) continue
    const shorter = artifacts.rows.get(word.slice(0, -ending.length))
    if (shorter !== undefined && shorter < limit) return shorter
  }
  return undefined
}

/** Frequency-weighted mean of the words' static vectors, unit length, before the metric. Null when no word counts. */
export function staticSum(artifacts: MatcherArtifacts, english: string[]): Float32Array | null {
  const { staticWidth, staticTable, staticScale } = artifacts
  const sum = new Float32Array(staticWidth)
  let total = 0
  for (const word of english) {
    const row = rowOf(artifacts, word, artifacts.staticRows)
    if (row === undefined) continue
    const weight = frequencyWeight(artifacts, row)
    total += weight
    for (let k = 0; k < staticWidth; k++) sum[k]! += weight * staticTable[row * staticWidth + k]!
  }
  if (total < MIN_STATIC) return null
  for (let k = 0; k < staticWidth; k++) sum[k]! *= staticScale[k]!
  return normalise(sum)
}

/**
 * Static rows already multiplied by a metric: the product is linear, so a sentence is then a sum of few rows. All in
 * one table, in the order of their first use: thousands of small ones would leave the memory around them in pieces.
 */
interface ProjectedRows { mean: Float32Array, places: Map<number, number>, table: Float32Array }
const projectedRows = new WeakMap<LinearMetric, ProjectedRows>()
/** About 5 MB at most. */
const PROJECTED_LIMIT = 8_000

/** vector × matrix, into `out`. */
function project(metric: LinearMetric, vector: ArrayLike<number>, out: Float32Array): Float32Array {
  const { matrix, inputs, outputs } = metric
  out.fill(0)
  for (let i = 0; i < inputs; i++) {
    const x = vector[i]!
    const from = i * outputs
    for (let k = 0; k < outputs; k++) out[k]! += x * matrix[from + k]!
  }
  return out
}

function projectedRowsOf(metric: LinearMetric): ProjectedRows {
  let cache = projectedRows.get(metric)
  if (!cache) {
    const mean = project(metric, metric.mean, new Float32Array(metric.outputs))
    projectedRows.set(metric, cache = { mean, places: new Map(), table: new Float32Array(256 * metric.outputs) })
  }
  return cache
}

/** Where in `table` the word's row begins; computed on first use. */
function projectedRow({ staticMetric, staticTable, staticScale, staticWidth }: MatcherArtifacts, cache: ProjectedRows, row: number): number {
  const known = cache.places.get(row)
  if (known !== undefined) return known
  if (cache.places.size >= PROJECTED_LIMIT) cache.places.clear()
  const place = cache.places.size * staticMetric.outputs
  if (place === cache.table.length) {
    const wider = new Float32Array(2 * place)
    wider.set(cache.table)
    cache.table = wider
  }
  project(staticMetric, staticScale.map((scale, k) => scale * staticTable[row * staticWidth + k]!), cache.table.subarray(place, place + staticMetric.outputs))
  cache.places.set(row, place)
  return place
}

let plainSum = new Float32Array()

/**
 * Static sentence vector under the learned metric, or null when no word counts: `staticSum`, then the metric.
 * @param out where it goes: of the metric's width; its own when left out
 */
export function staticVector(artifacts: MatcherArtifacts, english: string[], out = new Float32Array(artifacts.staticMetric.outputs)): Float32Array | null {
  const { staticWidth, staticTable, staticScale, staticMetric } = artifacts
  const cache = projectedRowsOf(staticMetric)
  if (plainSum.length !== staticWidth) plainSum = new Float32Array(staticWidth)
  const sum = plainSum.fill(0)
  out.fill(0)
  let total = 0
  for (const word of english) {
    const row = rowOf(artifacts, word, artifacts.staticRows)
    if (row === undefined) continue
    const weight = frequencyWeight(artifacts, row)
    total += weight
    const from = row * staticWidth
    for (let k = 0; k < staticWidth; k++) sum[k]! += weight * staticTable[from + k]!
    const place = projectedRow(artifacts, cache, row)
    const { table } = cache
    for (let k = 0; k < out.length; k++) out[k]! += weight * table[place + k]!
  }
  if (total < MIN_STATIC) {
    out.fill(0)
    return null
  }
  let norm = 0
  for (let k = 0; k < staticWidth; k++) norm += (sum[k]! * staticScale[k]!) ** 2
  norm = Math.sqrt(norm) || 1
  for (let k = 0; k < out.length; k++) out[k] = out[k]! / norm - cache.mean[k]!
  return normalise(out)
}

/** One word's GloVe direction, unit length; null for a word outside the table. */
export function gloveWord(artifacts: MatcherArtifacts, word: string): Float32Array | null {
  const row = rowOf(artifacts, word, artifacts.gloveRows)
  if (row === undefined) return null
  const width = artifacts.gloveWidth
  return normalise(Float32Array.from(artifacts.gloveTable.subarray(row * width, (row + 1) * width)))
}

/**
 * Frequency-weighted mean of the words' GloVe directions, unit length; null when no word counts.
 * @param sum where it goes: of GloVe's width; its own when left out
 */
export function gloveSum(artifacts: MatcherArtifacts, english: string[], sum = new Float32Array(artifacts.gloveWidth)): Float32Array | null {
  sum.fill(0)
  let total = 0
  for (const word of english) {
    const row = rowOf(artifacts, word, artifacts.gloveRows)
    if (row === undefined) continue
    const weight = frequencyWeight(artifacts, row) * (STOPWORDS.has(word) ? 0.3 : 1)
    total += weight
    const from = row * sum.length
    let norm = 0
    for (let k = 0; k < sum.length; k++) norm += artifacts.gloveTable[from + k]! ** 2
    const factor = weight / Math.sqrt(norm)
    for (let k = 0; k < sum.length; k++) sum[k]! += factor * artifacts.gloveTable[from + k]!
  }
  if (total < MIN_GLOVE) {
    sum.fill(0)
    return null
  }
  return normalise(sum)
}
