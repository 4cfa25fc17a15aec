import { getRequestHeader, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { readBytes } from './read-json-body'

/** A CSV or JSON file sent as the body. Throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE and VALIDATION_ERROR. */
export async function readUpload(event: H3Event, maxBytes: number): Promise<{ text: string, format: 'csv' | 'json' }> {
  const type = /^(text\/csv|application\/json)\s*(;|$)/i.exec(getRequestHeader(event, 'content-type') ?? '')?.[1]?.toLowerCase()
  if (!type) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the file as it is, with Content-Type: text/csv or application/json.')
  const bytes = await readBytes(event, maxBytes)
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), format: type === 'text/csv' ? 'csv' : 'json' }
  }
  catch (cause) {
    throw new AppError('VALIDATION_ERROR', 'The file is not UTF-8: save it as “CSV UTF-8” and try again.', { cause })
  }
}
