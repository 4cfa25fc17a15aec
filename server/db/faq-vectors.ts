import { inArray } from 'drizzle-orm'
import { faqVectors } from '#drizzle/schema'
import { db } from './client'

/** The stored vectors among these hashes. */
export async function findVectors(hashes: string[]): Promise<Map<string, Float32Array>> {
  if (!hashes.length) return new Map()
  const rows = await db().select().from(faqVectors).where(inArray(faqVectors.hash, hashes))
  return new Map(rows.map(row => [row.hash, decode(row.vector)]))
}

export async function insertVectors(entries: { hash: string, model: string, vector: Float32Array }[]): Promise<void> {
  if (entries.length) await db().insert(faqVectors).values(entries.map(entry => ({ ...entry, vector: encode(entry.vector) }))).onConflictDoNothing()
}

const encode = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  // A pooled buffer may start anywhere; floats want an address of their own.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
