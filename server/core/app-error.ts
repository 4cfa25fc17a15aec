import { errorStatus, type ErrorCode, type ErrorDetail } from '#shared/contracts/errors'

export interface AppErrorOptions {
  cause?: unknown
  details?: ErrorDetail[]
  /** Seconds until trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number
  /** A version conflict: the thing as it is now, in its contract's shape. */
  current?: unknown
}

/** The one error of the product: a code of the contract and one sentence for the person who reads it. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details?: ErrorDetail[]
  readonly retryAfter?: number
  readonly current?: unknown

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
    this.retryAfter = options.retryAfter
    this.current = options.current
  }

  get status(): number {
    return errorStatus[this.code]
  }
}

/** The same words for a thing that does not exist and for somebody else's, so that the two cannot be told apart. */
export function notFound(what: string): AppError {
  return new AppError('NOT_FOUND', `We could not find that ${what}.`)
}
