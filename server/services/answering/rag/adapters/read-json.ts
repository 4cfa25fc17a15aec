import { z } from 'zod'
import { cleanAnswer, cleanCitations } from '../clean-answer'
import type { RagReading, RemoteIds } from '../rag-client'

const DETAIL_MAX = 300

export type JsonObject = Record<string, unknown>
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text that may be missing; of another type it counts as missing. */
export const textOrNone = z.string().nullish().catch(null)
/** An id that may be missing; some services send numbers. */
export const idOrNone = z.union([z.string().min(1).max(200), z.number().transform(String)]).nullish().catch(null)

/**
 * The JSON object of a 200, or why it is none. A service that wraps its error in a 200 has failed: Dify's events,
 * `type: "abort"` (AnythingLLM), `error_msg`, `code` other than 0 and 200 (FastGPT, RAGFlow), `success: false`.
 */
export function readJson(status: number, body: string): { object: JsonObject } | { reading: RagReading & { kind: 'failed' | 'unknown' } } {
  if (status === 204) return { reading: { kind: 'unknown' } }
  const json = parse(body)
  if (status < 200 || status > 299) return { reading: { kind: 'failed', reason: `status ${status}`, detail: isObject(json) ? messageOf(json) : undefined } }
  if (!isObject(json)) return { reading: { kind: 'failed', reason: json === undefined ? 'the answer is not JSON' : 'the answer is not a JSON object' } }
  if (isWrappedError(json)) return { reading: { kind: 'failed', reason: `an error inside of a ${status}`, detail: messageOf(json) } }
  return { object: json }
}

/** The failure of an answer that is JSON of another form. */
export const otherForm = (expected: string): RagReading => ({ kind: 'failed', reason: `the answer has another form than ${expected}` })

/** The answer as a customer may see it; nothing left of it is "I don't know". */
export function toAnswer(text: string, sources: { title?: unknown, url?: unknown }[], remote: RemoteIds | null): RagReading {
  const words = cleanAnswer(text)
  return words ? { kind: 'answer', text: words, citations: cleanCitations(sources), remote } : { kind: 'unknown' }
}

/** What a service says about its own failure; for the admin's test page only, since it may quote the question. */
export function messageOf(json: JsonObject): string | undefined {
  const error = isObject(json.error) ? json.error : json
  const words = [error.message, error.error_msg, error.msg, error.statusText, error.error, error.detail].find(value => typeof value === 'string' && value.trim())
  return typeof words === 'string' ? words.trim().slice(0, DETAIL_MAX) : undefined
}

function isWrappedError(json: JsonObject): boolean {
  const said = (value: unknown) => (typeof value === 'string' && value.trim() !== '') || (isObject(value) && Object.keys(value).length > 0) || value === true
  return json.type === 'abort' || json.event === 'error' || said(json.error_msg) || said(json.error)
    || isErrorCode(json.code) || isErrorCode(json.retcode) || json.success === false
}

const isErrorCode = (code: unknown) => typeof code === 'number' ? code !== 0 && code !== 200 : typeof code === 'string' && !/^(?:|0|200|ok|success)$/i.test(code)

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  }
  catch {
    return undefined
  }
}
