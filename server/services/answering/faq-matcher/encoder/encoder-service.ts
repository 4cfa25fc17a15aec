import type { EncodedFaqs, FaqIndex } from '../faq-index'
import { encodeIndex, type VectorCache } from './encode-index'
import { type SentenceEncoder, WorkerEncoder } from './worker-client'

export interface EncoderSettings {
  /** false: the fast path alone, no worker is ever started */
  enabled: boolean
  cache?: VectorCache | null
  /** in place of the built-in encoder: an embedding endpoint, or a test's */
  encoder?: SentenceEncoder
  /** told once when the encoder cannot be had; the product goes on without it */
  onUnavailable?: (reason: string) => void
}

// Off until somebody switches it on: a test or a script that says nothing starts no worker.
let settings: EncoderSettings = { enabled: false }
let encoder: SentenceEncoder | null = null
// By the texts an index was made of, which its copies with other negatives share.
let encodedIndexes = new WeakMap<string[], Encoding>()

/** `failedAt`: when it came to nothing, by `performance.now()`; null while it goes on and when it is ready. */
interface Encoding { ready: EncodedFaqs | null, failedAt: number | null }

/** ms after which a site that could not be encoded is tried again: a service that was down may be back. */
const TRY_AGAIN = 60_000

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
  if (known?.ready) return { ...index, encoded: known.ready }
  if (known && (known.failedAt === null || performance.now() - known.failedAt < TRY_AGAIN)) return null
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
  const entry: Encoding = { ready: null, failedAt: null }
  encodedIndexes.set(index.phraseTexts, entry)
  try {
    entry.ready = (await encodeIndex(index, using, isKept ? settings.cache ?? null : readOnly(settings.cache)))?.encoded ?? null
  }
  catch (error) {
    settings.onUnavailable?.(error instanceof Error ? error.message : String(error))
  }
  if (!entry.ready) entry.failedAt = performance.now()
  return entry.ready && { ...index, encoded: entry.ready }
}

const readOnly = (cache: VectorCache | null | undefined): VectorCache | null => (cache ? { get: hashes => cache.get(hashes), put: async () => {} } : null)

/** Stops the worker; for the server's shutdown and for scripts. */
export async function closeEncoder(): Promise<void> {
  await encoder?.close()
  encoder = null
}
