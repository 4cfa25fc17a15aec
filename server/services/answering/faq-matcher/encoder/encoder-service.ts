import type { EncodedFaqs, FaqIndex } from '../faq-index'
import { encodeIndex, type VectorCache } from './encode-index'
import { type SentenceEncoder, WorkerEncoder } from './worker-client'

export interface EncoderSettings {
  /** false: the fast path alone, no worker is ever started */
  enabled: boolean
  cache?: VectorCache | null
  /** stands in for the built-in encoder, in tests */
  encoder?: SentenceEncoder
  /** told once when the encoder cannot be had; the product goes on without it */
  onUnavailable?: (reason: string) => void
}

// Off until somebody switches it on: a test or a script that says nothing starts no worker.
let settings: EncoderSettings = { enabled: false }
let encoder: SentenceEncoder | null = null
// By the texts an index was made of, which its copies with other negatives share.
let encodedIndexes = new WeakMap<string[], { ready: EncodedFaqs | null }>()

/** Sets how questions are encoded from now on. Call once at start, before the first question. */
export function configureEncoder(next: EncoderSettings): void {
  settings = next
  encoder = next.encoder ?? null
  encodedIndexes = new WeakMap()
}

/** The encoder in use, or null when it is switched off. */
export function currentEncoder(): SentenceEncoder | null {
  if (!settings.enabled) return null
  encoder ??= new WorkerEncoder(settings.onUnavailable)
  return encoder
}

/**
 * The index with encoder vectors when they are there; else null, and the work is begun: a question never waits
 * for a whole site to be encoded.
 */
export function encodedVersion(index: FaqIndex): FaqIndex | null {
  if (index.encoded) return index
  const known = encodedIndexes.get(index.phraseTexts)
  if (known) return known.ready && { ...index, encoded: known.ready }
  void prepareEncoder(index)
  return null
}

/**
 * Encodes an index ahead of the first doubtful question; resolves to null when there is no encoder. One that is prepared
 * is not prepared again. `isKept: false`: what is not in the cache yet is not put there, for texts that are only tried out.
 */
export async function prepareEncoder(index: FaqIndex, { isKept = true } = {}): Promise<FaqIndex | null> {
  const using = currentEncoder()
  if (!using) return null
  const known = encodedIndexes.get(index.phraseTexts)
  if (known?.ready) return { ...index, encoded: known.ready }
  const entry: { ready: EncodedFaqs | null } = { ready: null }
  encodedIndexes.set(index.phraseTexts, entry)
  try {
    entry.ready = (await encodeIndex(index, using, isKept ? settings.cache ?? null : readOnly(settings.cache)))?.encoded ?? null
  }
  catch (error) {
    settings.onUnavailable?.(error instanceof Error ? error.message : String(error))
  }
  return entry.ready && { ...index, encoded: entry.ready }
}

const readOnly = (cache: VectorCache | null | undefined): VectorCache | null => (cache ? { get: hashes => cache.get(hashes), put: async () => {} } : null)

/** Stops the worker; for the server's shutdown and for scripts. */
export async function closeEncoder(): Promise<void> {
  await encoder?.close()
  encoder = null
}
