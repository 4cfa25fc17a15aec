import { createHash } from 'node:crypto'
import { encodeSteps } from '../encode-faqs'
import { analyse, encoderText } from '../text/analyse'
import { builtInSpace, foreignSpace } from './encoder-space'
import type { FaqIndex } from '../faq-index'
import type { SentenceEncoder } from './worker-client'

/** Keeps encoder vectors between starts; keys are content hashes that include the encoder's model. */
export interface VectorCache {
  get(hashes: string[]): Promise<Map<string, Float32Array>>
  put(entries: { hash: string, model: string, vector: Float32Array }[]): Promise<void>
}

const CHUNK = 64
const SLICE_MS = 4

/** Key of a text's vector in the cache. */
export function vectorHash(model: string, text: string): string {
  return createHash('sha256').update(`${model}\n${text}`).digest('hex')
}

/** The index with its texts encoded, from the cache where it has them; null when the encoder gave up. */
export async function encodeIndex(index: FaqIndex, encoder: SentenceEncoder, cache: VectorCache | null): Promise<FaqIndex | null> {
  const background = encoder.isForeign ? index.artifacts.background.map(text => encoderText(analyse(text, { artifacts: index.artifacts }))) : []
  const texts = [...new Set([...index.phraseTexts, ...index.answerTexts, ...background])]
  const vectors = new Map<string, Float32Array>()
  for (let from = 0; from < texts.length; from += CHUNK) {
    const chunk = texts.slice(from, from + CHUNK)
    const hashes = new Map(chunk.map(text => [text, vectorHash(encoder.model, text)]))
    const kept = await cache?.get([...hashes.values()])
    const missing: string[] = []
    for (const text of chunk) {
      const vector = kept?.get(hashes.get(text)!)
      if (vector) vectors.set(text, vector)
      else missing.push(text)
    }
    if (missing.length === 0) continue
    const fresh = await encoder.encode(missing)
    if (!fresh) return null
    missing.forEach((text, i) => vectors.set(text, fresh[i]!))
    await cache?.put(missing.map((text, i) => ({ hash: hashes.get(text)!, model: encoder.model, vector: fresh[i]! })))
  }
  const space = encoder.isForeign ? foreignSpace(index.artifacts, background.map(text => vectors.get(text)!)) : builtInSpace(index.artifacts)
  const steps = encodeSteps(index, vectors, space)
  for (let until = performance.now() + SLICE_MS; ;) {
    const step = steps.next()
    if (step.done) return { ...index, encoded: step.value }
    if (performance.now() < until) continue
    await new Promise(resolve => setImmediate(resolve))
    until = performance.now() + SLICE_MS
  }
}
