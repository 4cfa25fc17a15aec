/** Every failure the API can tell of, with its HTTP status. The contract fixes both. */
export const errorStatus = {
  VALIDATION_ERROR: 400,
  NOT_AUTHENTICATED: 401,
  NOT_AUTHORIZED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

export interface ErrorDetail {
  /** The field, in dots: `message_text`, `phrasings.2`. */
  path: string
  message: string
  /** Which rule was broken, for a page that says it in its own language; only where a rule has a name. */
  reason?: string
}

export interface ErrorBody {
  /** One sentence a person can act on. */
  error: string
  code: ErrorCode
  request_id: string
  details?: ErrorDetail[]
  /** A conflict about a thing that can be edited: the thing as it is now. */
  current?: unknown
}
