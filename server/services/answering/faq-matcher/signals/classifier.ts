import { dot } from './vectors'

/**
 * Per-site classifier: ridge regression from phrasing vectors to their FAQs, one column a FAQ.
 * A generator, so that the index builder can let other work in between steps.
 * @returns weights[i * classes + c]; score of class c = sum over i of x[i] × weights
 */
export function* fitRidge(vectors: Float32Array, width: number, labels: Int32Array, classes: number, ridge = 1): Generator<void, Float32Array> {
  if (width > WIDE && labels.length < width) return yield* fitWideRidge(vectors, width, labels, classes, ridge)
  const gram = new Float64Array(width * width)
  const target = new Float64Array(width * classes)
  for (let d = 0; d < labels.length; d++) {
    const from = d * width
    for (let i = 0; i < width; i++) {
      const x = vectors[from + i]!
      if (x === 0) continue
      target[i * classes + labels[d]!]! += x
      const row = i * width
      for (let j = 0; j <= i; j++) gram[row + j]! += x * vectors[from + j]!
    }
    if (d % 4 === 3) yield
  }
  for (let i = 0; i < width; i++) gram[i * width + i]! += ridge
  yield* solveInPlace(gram, width, target, classes)
  return new Float32Array(target)
}

/** Embedding services give vectors of a thousand numbers and more. */
const WIDE = 512

/** The same weights by way of the phrasings' likeness to each other: cheaper when they are fewer than the numbers of a vector. */
function* fitWideRidge(vectors: Float32Array, width: number, labels: Int32Array, classes: number, ridge: number): Generator<void, Float32Array> {
  const count = labels.length
  const likeness = new Float64Array(count * count)
  const target = new Float64Array(count * classes)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) likeness[a * count + b] = dot(vectors, vectors, width, a * width, b * width)
    likeness[a * count + a]! += ridge
    target[a * classes + labels[a]!] = 1
    yield
  }
  yield* solveInPlace(likeness, count, target, classes)
  const weights = new Float32Array(width * classes)
  for (let d = 0; d < count; d++) {
    for (let i = 0; i < width; i++) {
      const x = vectors[d * width + i]!
      if (x !== 0) for (let c = 0; c < classes; c++) weights[i * classes + c]! += x * target[d * classes + c]!
    }
    yield
  }
  return weights
}

/** Solves `a` × x = `b` for a symmetric positive `a` (n × n, lower half) and all columns of `b`, both overwritten. */
function* solveInPlace(a: Float64Array, n: number, b: Float64Array, columns: number): Generator<void, void> {
  yield* choleskyInPlace(a, n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(b, columns, i, k, a[i * n + k]!)
    scaleRow(b, columns, i, 1 / a[i * n + i]!)
    if (i % 8 === 7) yield
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(b, columns, i, k, a[k * n + i]!)
    scaleRow(b, columns, i, 1 / a[i * n + i]!)
    if (i % 8 === 7) yield
  }
}

function* choleskyInPlace(a: Float64Array, n: number): Generator<void, void> {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!
    }
    if (j % 4 === 3) yield
  }
}

function subtractRow(m: Float64Array, columns: number, to: number, from: number, factor: number): void {
  if (factor === 0) return
  for (let c = 0; c < columns; c++) m[to * columns + c]! -= factor * m[from * columns + c]!
}

function scaleRow(m: Float64Array, columns: number, row: number, factor: number): void {
  for (let c = 0; c < columns; c++) m[row * columns + c]! *= factor
}
