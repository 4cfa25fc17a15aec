import { getRequestHeader, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'

export const MAX_BODY_BYTES = 64 * 1024

/** A write that needs no body may bring one; it has to be JSON all the same. */
export function hasBody(event: H3Event): boolean {
  return !['GET', 'HEAD'].includes(event.method) && (Number(getRequestHeader(event, 'content-length') ?? 0) > 0 || getRequestHeader(event, 'transfer-encoding') !== undefined)
}

/** The request's JSON body. Throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE (while reading, not after) and VALIDATION_ERROR. */
export async function readJsonBody(event: H3Event, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as JSON, with Content-Type: application/json.')
  }
  const bytes = await readBytes(event, maxBytes)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  }
  catch (cause) {
    throw new AppError('VALIDATION_ERROR', 'The body is not UTF-8: send JSON encoded as UTF-8.', { cause })
  }
  try {
    return JSON.parse(text)
  }
  catch (cause) {
    // The parser's own message quotes the text, so it stays out of the log and the answer.
    throw new AppError('VALIDATION_ERROR', 'The body is not valid JSON: check the quotes, commas and brackets.', { cause: (cause as Error).name })
  }
}

/** The body as it came. Throws PAYLOAD_TOO_LARGE, while reading. */
export async function readBytes(event: H3Event, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new AppError('PAYLOAD_TOO_LARGE', `Keep the body to ${maxBytes / 1024} KiB.`)
  if (Number(getRequestHeader(event, 'content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bodyChunks(event)) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Node's stream; on serverless hosts and in tests the body that is there already. */
async function* bodyChunks(event: H3Event): AsyncGenerator<Uint8Array> {
  const request = event.node.req as typeof event.node.req & { body?: unknown }
  const body: unknown = event.web?.request?.body ?? (event as { _requestBody?: unknown })._requestBody ?? request.body
  if (body === undefined || body === null) yield* request as AsyncIterable<Buffer>
  else if (typeof body === 'string') yield new TextEncoder().encode(body)
  else if (body instanceof Uint8Array) yield body
  else if (Symbol.asyncIterator in (body as object)) yield* body as AsyncIterable<Uint8Array>
  // A host that has parsed the JSON already.
  else yield new TextEncoder().encode(JSON.stringify(body))
}
