/** Small dense linear algebra, row-major Float64Array, for matrices up to about a thousand rows. */

/** Lower Cholesky factor of a symmetric positive definite matrix. */
export function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!
    }
  }
  return l
}

/** Solves L X = B in place, L lower triangular, B with `columns` columns. */
export function forwardSolve(l: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k]!
      for (let c = 0; c < columns; c++) b[i * columns + c]! -= factor * b[k * columns + c]!
    }
    for (let c = 0; c < columns; c++) b[i * columns + c]! /= l[i * n + i]!
  }
}

/** Solves Lᵀ X = B in place. */
export function backwardSolve(l: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const factor = l[k * n + i]!
      for (let c = 0; c < columns; c++) b[i * columns + c]! -= factor * b[k * columns + c]!
    }
    for (let c = 0; c < columns; c++) b[i * columns + c]! /= l[i * n + i]!
  }
}

export function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!
  return out
}

/**
 * Eigenvalues and vectors of a symmetric matrix: Householder tridiagonalisation, then implicit QL (EISPACK tred2/tql2).
 * @returns values in descending order; vectors[i * n + k] is component i of eigenvector k
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array, vectors: Float64Array } {
  const z = Float64Array.from(matrix)
  const d = new Float64Array(n)
  const e = new Float64Array(n)
  tridiagonalise(z, d, e, n)
  // rows of zt are the vectors being rotated: contiguous memory makes the QL sweeps several times faster
  const zt = transpose(z, n, n)
  implicitQl(zt, d, e, n)
  const order = Array.from(d.keys()).sort((a, b) => d[b]! - d[a]!)
  const vectors = new Float64Array(n * n)
  order.forEach((from, k) => {
    for (let i = 0; i < n; i++) vectors[i * n + k] = zt[from * n + i]!
  })
  return { values: Float64Array.from(order, k => d[k]!), vectors }
}

function tridiagonalise(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    const l = i - 1
    let h = 0
    if (l > 0) {
      let scale = 0
      for (let k = 0; k <= l; k++) scale += Math.abs(z[i * n + k]!)
      if (scale === 0) e[i] = z[i * n + l]!
      else {
        for (let k = 0; k <= l; k++) {
          z[i * n + k]! /= scale
          h += z[i * n + k]! ** 2
        }
        const f = z[i * n + l]!
        const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h)
        e[i] = scale * g
        h -= f * g
        z[i * n + l] = f - g
        let sum = 0
        for (let j = 0; j <= l; j++) {
          z[j * n + i] = z[i * n + j]! / h
          let dotted = 0
          for (let k = 0; k <= j; k++) dotted += z[j * n + k]! * z[i * n + k]!
          for (let k = j + 1; k <= l; k++) dotted += z[k * n + j]! * z[i * n + k]!
          e[j] = dotted / h
          sum += e[j]! * z[i * n + j]!
        }
        const half = sum / (h + h)
        for (let j = 0; j <= l; j++) {
          const fj = z[i * n + j]!
          const gj = e[j] = e[j]! - half * fj
          for (let k = 0; k <= j; k++) z[j * n + k]! -= fj * e[k]! + gj * z[i * n + k]!
        }
      }
    }
    else e[i] = z[i * n + l]!
    d[i] = h
  }
  d[0] = 0
  e[0] = 0
  for (let i = 0; i < n; i++) {
    if (d[i] !== 0) {
      for (let j = 0; j < i; j++) {
        let g = 0
        for (let k = 0; k < i; k++) g += z[i * n + k]! * z[k * n + j]!
        for (let k = 0; k < i; k++) z[k * n + j]! -= g * z[k * n + i]!
      }
    }
    d[i] = z[i * n + i]!
    z[i * n + i] = 1
    for (let j = 0; j < i; j++) z[j * n + i] = z[i * n + j] = 0
  }
}

function implicitQl(zt: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!
  e[n - 1] = 0
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; sweep < 60; sweep++) {
      let m = l
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!)
        if (Math.abs(e[m]!) <= Number.EPSILON * size) break
      }
      if (m === l) break
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      let r = Math.hypot(g, 1)
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? Math.abs(r) : -Math.abs(r)))
      let s = 1
      let c = 1
      let p = 0
      let i = m - 1
      for (; i >= l; i--) {
        let f = s * e[i]!
        const b = c * e[i]!
        e[i + 1] = r = Math.hypot(f, g)
        if (r === 0) {
          d[i + 1]! -= p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        g = d[i + 1]! - p
        r = (d[i]! - g) * s + 2 * c * b
        d[i + 1] = g + (p = s * r)
        g = c * r - b
        const upper = (i + 1) * n
        const lower = i * n
        for (let k = 0; k < n; k++) {
          f = zt[upper + k]!
          zt[upper + k] = s * zt[lower + k]! + c * f
          zt[lower + k] = c * zt[lower + k]! - s * f
        }
      }
      if (r === 0 && i >= l) continue
      d[l]! -= p
      e[l] = g
      e[m] = 0
    }
  }
}

/** Minimises a smooth function with L-BFGS (memory 10) and backtracking. */
export function minimise(start: Float64Array, evaluate: (x: Float64Array, gradient: Float64Array) => number, iterations = 300): Float64Array {
  const n = start.length
  let x = Float64Array.from(start)
  let gradient = new Float64Array(n)
  let value = evaluate(x, gradient)
  const memory: { s: Float64Array, y: Float64Array, rho: number }[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = twoLoop(gradient, memory)
    let slope = 0
    for (let i = 0; i < n; i++) slope += direction[i]! * gradient[i]!
    let step = iteration === 0 ? Math.min(1, 1 / Math.hypot(...gradient)) : 1
    let next = x
    let nextGradient = gradient
    let nextValue = Infinity
    for (let tries = 0; tries < 40; tries++, step /= 2) {
      next = x.map((v, i) => v + step * direction[i]!)
      nextGradient = new Float64Array(n)
      nextValue = evaluate(next, nextGradient)
      if (nextValue <= value + 1e-4 * step * slope) break
    }
    if (!(nextValue < value)) break
    const s = next.map((v, i) => v - x[i]!)
    const y = nextGradient.map((v, i) => v - gradient[i]!)
    let sy = 0
    for (let i = 0; i < n; i++) sy += s[i]! * y[i]!
    if (sy > 1e-12) memory.push({ s, y, rho: 1 / sy })
    if (memory.length > 10) memory.shift()
    const gain = value - nextValue
    x = next
    gradient = nextGradient
    value = nextValue
    if (gain < 1e-10 * Math.max(1, Math.abs(value))) break
  }
  return x
}

function twoLoop(gradient: Float64Array, memory: { s: Float64Array, y: Float64Array, rho: number }[]): Float64Array {
  const q = gradient.map(v => -v)
  const alphas: number[] = []
  for (let m = memory.length - 1; m >= 0; m--) {
    const { s, y, rho } = memory[m]!
    let alpha = 0
    for (let i = 0; i < q.length; i++) alpha += s[i]! * q[i]!
    alpha *= rho
    alphas[m] = alpha
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!
  }
  const last = memory[memory.length - 1]
  if (last) {
    let yy = 0
    for (const v of last.y) yy += v * v
    const scale = 1 / (last.rho * yy)
    for (let i = 0; i < q.length; i++) q[i]! *= scale
  }
  for (let m = 0; m < memory.length; m++) {
    const { s, y, rho } = memory[m]!
    let beta = 0
    for (let i = 0; i < q.length; i++) beta += y[i]! * q[i]!
    beta *= rho
    for (let i = 0; i < q.length; i++) q[i]! += (alphas[m]! - beta) * s[i]!
  }
  return q
}
