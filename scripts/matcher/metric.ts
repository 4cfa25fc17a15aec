import type { LinearMetric } from '../../server/services/answering/faq-matcher/artifacts'
import { backwardSolve, cholesky, forwardSolve, symmetricEigen, transpose } from './linear-algebra'

/**
 * Linear discriminant analysis on labelled sentence vectors: directions that differ between intents and not
 * within one. `ridge` is the share of the mean within-class variance added to the diagonal.
 */
export function fitMetric(vectors: Float32Array[], labels: string[], outputs: number, ridge = 1): LinearMetric {
  const n = vectors[0]!.length
  const classes = [...new Set(labels)].sort()
  const classOf = new Map(classes.map((label, c) => [label, c]))
  const counts = new Float64Array(classes.length)
  const means = classes.map(() => new Float64Array(n))
  vectors.forEach((vector, i) => {
    const c = classOf.get(labels[i]!)!
    counts[c]!++
    for (let k = 0; k < n; k++) means[c]![k]! += vector[k]!
  })
  means.forEach((mean, c) => mean.forEach((_, k) => mean[k]! /= counts[c]!))
  const grand = new Float64Array(n)
  for (const mean of means) for (let k = 0; k < n; k++) grand[k]! += mean[k]! / classes.length
  const within = new Float64Array(n * n)
  const between = new Float64Array(n * n)
  const addOuter = (target: Float64Array, difference: Float64Array, weight: number) => {
    for (let i = 0; i < n; i++) {
      const x = difference[i]! * weight
      for (let j = 0; j <= i; j++) target[i * n + j]! += x * difference[j]!
    }
  }
  vectors.forEach((vector, i) => {
    const c = classOf.get(labels[i]!)!
    addOuter(within, Float64Array.from(vector, (x, k) => x - means[c]![k]!), 1 / (counts[c]! * classes.length))
  })
  for (const mean of means) addOuter(between, mean.map((x, k) => x - grand[k]!), 1)
  mirror(within, n)
  mirror(between, n)
  let trace = 0
  for (let i = 0; i < n; i++) trace += within[i * n + i]!
  for (let i = 0; i < n; i++) within[i * n + i]! += ridge * trace / n
  const l = cholesky(within, n)
  forwardSolve(l, n, between, n)
  const whitened = transpose(between, n, n)
  forwardSolve(l, n, whitened, n)
  mirror(whitened, n)
  const { vectors: eigen } = symmetricEigen(whitened, n)
  const width = Math.min(outputs, classes.length - 1)
  const projection = new Float64Array(n * width)
  for (let i = 0; i < n; i++) for (let k = 0; k < width; k++) projection[i * width + k] = eigen[i * n + k]!
  backwardSolve(l, n, projection, width)
  const matrix = new Float32Array(n * outputs)
  for (let i = 0; i < n; i++) for (let k = 0; k < width; k++) matrix[i * outputs + k] = projection[i * width + k]!
  return { mean: Float32Array.from(grand), matrix, inputs: n, outputs }
}

function mirror(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j]!
}
