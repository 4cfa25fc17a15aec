import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { RagFailure } from './rag-failure'

export const MAX_BYTES = 256 * 1024

const unpackers = { 'gzip': promisify(gunzip), 'x-gzip': promisify(gunzip), 'deflate': promisify(inflate), 'br': promisify(brotliDecompress) } as const

const tooLarge = () => new RagFailure(`the answer is larger than ${MAX_BYTES / 1024} KiB`, { costly: true })

/** The body as text. Throws past 256 KiB, packed or unpacked, so that a flood is cut off instead of stored. */
export async function readLimited({ headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): Promise<string> {
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES) {
    body.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop destroys the body and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await unpack(Buffer.concat(chunks), String(headers['content-encoding'] ?? 'identity').trim().toLowerCase()))
}

/** We ask for plain bytes; some proxies pack all the same. */
async function unpack(bytes: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity' || encoding === '') return bytes
  const unpacker = unpackers[encoding as keyof typeof unpackers]
  if (!unpacker) throw new RagFailure('the answer is packed in a way we do not know', { costly: false })
  try {
    return await unpacker(bytes, { maxOutputLength: MAX_BYTES })
  }
  catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new RagFailure('the answer cannot be unpacked', { costly: false, cause: error })
  }
}
