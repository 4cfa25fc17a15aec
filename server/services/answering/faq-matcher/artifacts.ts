import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RankerModel } from './rank'

/** Columns first: `matrix[i * outputs + k]` is the weight of input i for output k. */
export interface LinearMetric {
  mean: Float32Array
  matrix: Float32Array
  inputs: number
  outputs: number
}

/** The word tables and fitted numbers that `npm run matcher:build` writes; shared by all sites, read once. */
export interface MatcherArtifacts {
  /** word → row in the tables; rows are ordered so that the first `gloveRows` have both kinds of vectors */
  rows: Map<string, number>
  /** place of each row's word in the general frequency order, 0 = commonest */
  ranks: Int32Array
  staticRows: number
  staticWidth: number
  staticTable: Int8Array
  /** one factor per column: int8 × scale = number */
  staticScale: Float32Array
  gloveRows: number
  gloveWidth: number
  gloveTable: Int8Array
  staticMetric: LinearMetric
  encoderMetric: LinearMetric
  /** everyday questions no support site is asked: what the best FAQ has to beat */
  background: string[]
  /** background questions under the encoder, in metric space, one after the other */
  backgroundEncoded: Float32Array
  /** how the encoder's own cosines between background questions are spread: what another model's are brought to */
  plainSpread: { mean: number, deviation: number }
  model: RankerModel
}

interface Manifest {
  staticRows: number
  staticWidth: number
  gloveRows: number
  gloveWidth: number
  metricWidth: { static: number, encoder: number }
  encoderWidth: number
  background: string[]
  backgroundScale: number
  plainSpread: { mean: number, deviation: number }
}

const FOLDERS = ['server/assets/matcher', 'assets/matcher', 'matcher']

/**
 * The folder with the artifacts: MATCHER_ASSETS_DIR, or beside the working directory, or beside this file or any of
 * its parents (a built `.output/server` keeps them in `.output/server/matcher`). Null when there is none.
 */
export function findAssetsFolder(): string | null {
  const fromEnv = process.env.MATCHER_ASSETS_DIR
  if (fromEnv) return fromEnv
  const starts = [process.cwd()]
  try {
    starts.unshift(dirname(fileURLToPath(import.meta.url)))
  }
  catch {
    // a bundle without file URLs: the working directory is all there is
  }
  if (process.argv[1]) starts.push(dirname(process.argv[1]))
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      for (const name of FOLDERS) {
        if (existsSync(join(folder, name, 'manifest.json'))) return join(folder, name)
      }
      if (dirname(folder) === folder) break
    }
  }
  return null
}

/** The same bytes, not a copy of them. */
const int8 = ({ buffer, byteOffset, byteLength }: Buffer) => new Int8Array(buffer as ArrayBuffer, byteOffset, byteLength)

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

function metric(bytes: Buffer, inputs: number, outputs: number): LinearMetric {
  const all = floats(bytes)
  return { mean: all.slice(0, inputs), matrix: all.slice(inputs), inputs, outputs }
}

/** Reads the artifacts from a folder; throws when a file is missing. */
export function readArtifacts(folder: string): MatcherArtifacts {
  const file = (name: string) => readFileSync(join(folder, name))
  const manifest = JSON.parse(file('manifest.json').toString()) as Manifest
  const words = file('words.txt').toString().trimEnd().split('\n')
  const ranks = new Int32Array(words.length)
  const rows = new Map<string, number>()
  words.forEach((line, row) => {
    const [word, rank] = line.split(' ') as [string, string]
    rows.set(word, row)
    ranks[row] = Number(rank)
  })
  const scale = manifest.backgroundScale
  return {
    rows,
    ranks,
    staticRows: manifest.staticRows,
    staticWidth: manifest.staticWidth,
    staticTable: int8(file('static.i8')),
    staticScale: floats(file('static-scale.f32')),
    gloveRows: manifest.gloveRows,
    gloveWidth: manifest.gloveWidth,
    gloveTable: int8(file('glove.i8')),
    staticMetric: metric(file('static-metric.f32'), manifest.staticWidth, manifest.metricWidth.static),
    encoderMetric: metric(file('encoder-metric.f32'), manifest.encoderWidth, manifest.metricWidth.encoder),
    background: manifest.background,
    backgroundEncoded: Float32Array.from(new Int8Array(file('background.i8')), value => value * scale),
    plainSpread: manifest.plainSpread,
    model: JSON.parse(file('model.json').toString()) as RankerModel,
  }
}

let loaded: MatcherArtifacts | undefined

/**
 * Reads the artifacts before anybody waits for them: it takes tens of milliseconds in one go. What is wrong with them is
 * told by the first that needs them.
 */
export function preloadArtifacts(): void {
  try {
    loadArtifacts()
  }
  catch {
    // see above
  }
}

/** The artifacts, read on first use and kept. Throws when they are nowhere to be found. */
export function loadArtifacts(): MatcherArtifacts {
  if (!loaded) {
    const folder = findAssetsFolder()
    if (!folder) throw new Error('The matcher\'s word tables are missing: run "npm run matcher:build" or set MATCHER_ASSETS_DIR')
    loaded = readArtifacts(folder)
  }
  return loaded
}
