import { randomUUID } from 'node:crypto'
import { getRequestHeader, setResponseHeader, type H3Event } from 'h3'

declare module 'h3' {
  interface H3EventContext {
    requestId?: string
  }
}

/** The request's id: the caller's own when it is 1 to 64 of `[A-Za-z0-9._-]`, else a new one. Also on the response. */
export function requestIdOf(event: H3Event): string {
  if (event.context.requestId) return event.context.requestId
  const given = getRequestHeader(event, 'x-request-id')
  const id = given && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
  event.context.requestId = id
  setResponseHeader(event, 'x-request-id', id)
  return id
}
