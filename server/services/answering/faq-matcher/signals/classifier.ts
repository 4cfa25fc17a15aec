/**
 * Per-site classifier: ridge regression from phrasing vectors to their FAQs, one column a FAQ.
 * A generator, so that the index builder can let other work in between steps.
 * @returns weights[i * classes + c]; score of class c = sum over i of x[i] × weights
 */
export function* fitRidge(vectors: Float32Array, width: number, labels: Int32Array, classes: number, ridge = 1): Generator<void, Float32Array> {
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
    if (d % 32 === 31) yield
  }
  for (let i = 0; i < width; i++) gram[i * width + i]! += ridge
  yield* choleskyInPlace(gram, width)
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) subtractRow(target, classes, i, k, gram[i * width + k]!)
    scaleRow(target, classes, i, 1 / gram[i * width + i]!)
    if (i % 8 === 7) yield
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) subtractRow(target, classes, i, k, gram[k * width + i]!)
    scaleRow(target, classes, i, 1 / gram[i * width + i]!)
    if (i % 8 === 7) yield
  }
  return Float32Array.from(target)
}

function* choleskyInPlace(a: Float64Array, n: number): Generator<void, void> {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!
    }
    if (j % 16 === 15) yield
  }
}

function subtractRow(m: Float64Array, columns: number, to: number, from: number, factor: number): void {
  if (factor === 0) return
  for (let c = 0; c < columns; c++) m[to * columns + c]! -= factor * m[from * columns + c]!
}

function scaleRow(m: Float64Array, columns: number, row: number, factor: number): void {
  for (let c = 0; c < columns; c++) m[row * columns + c]! *= factor
}
