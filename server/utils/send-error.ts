import { setResponseHeader, setResponseStatus, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { StartupError } from '#server/core/env'
import { log } from '#server/core/log'
import { diskTrouble, isDatabaseUnavailable, isDeadlock, isUserGone } from '#server/db/errors'
import type { ErrorBody } from '#shared/contracts/errors'
import { requestIdOf } from './request-id'

/** What went wrong as the contract's own error; anything we did not foresee is INTERNAL_ERROR, with its cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isUserGone(error)) return new AppError('NOT_AUTHENTICATED', 'This account has been deleted.', { cause: error })
  const disk = diskTrouble(error)
  if (disk) return new AppError('UNAVAILABLE', `We cannot store anything just now (the server's disk is ${disk}): nothing was changed, please try again in a while.`, { cause: error, retryAfter: 30 })
  if (isDatabaseUnavailable(error) || isDeadlock(error) || error instanceof StartupError) return new AppError('UNAVAILABLE', 'The service is not available for a moment: nothing is lost, please try again.', { cause: error, retryAfter: 2 })
  const status = (error as { statusCode?: number } | null)?.statusCode
  if (status === 400) return new AppError('VALIDATION_ERROR', 'The request could not be read: check its address and headers.', { cause: error })
  if (status === 404) return new AppError('NOT_FOUND', 'There is nothing at this address: check the path.', { cause: error })
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE', 'The request is too large.', { cause: error })
  return new AppError('INTERNAL_ERROR', 'Something went wrong on our side. Please try again; if it stays, tell us the request id.', { cause: error })
}

/** Answers with the contract's error body and logs what is ours to mend. */
export function sendApiError(event: H3Event, cause: unknown): ErrorBody {
  const error = toAppError(cause)
  if (error.status >= 500) log.error({ err: error.cause ?? error, code: error.code }, error.code === 'INTERNAL_ERROR' ? 'A request failed' : 'A request could not be served')
  setResponseStatus(event, error.status)
  setResponseHeader(event, 'content-type', 'application/json; charset=utf-8')
  setResponseHeader(event, 'cache-control', 'no-store')
  if (error.retryAfter !== undefined) setResponseHeader(event, 'retry-after', error.retryAfter)
  return {
    error: error.message,
    code: error.code,
    request_id: requestIdOf(event),
    ...(error.details ? { details: error.details } : {}),
    ...(error.current === undefined ? {} : { current: error.current }),
  }
}
