import { getRequestHeader, type H3Event } from 'h3'
import { log } from '#server/core/log'
import { failSpan, startRequestSpan } from '#server/core/trace'
import { countRequest } from '#server/services/metrics'
import { requestIdOf } from './request-id'
import { routeOf } from './route-of'

/**
 * One line, one count and (where traced) one span a request, when its response has ended. The path without the query: a
 * search is somebody's words.
 * @param known the route, where the request is answered ahead of the routes, and when it came (`performance.now()`)
 */
export function logWhenClosed(event: H3Event, known: { route?: string, started?: number } = {}): void {
  const path = event.path.split('?')[0]!
  if (path.startsWith('/_nuxt/')) return
  const { started = performance.now() } = known
  const { req, res } = event.node
  const span = startRequestSpan(event.method, getRequestHeader(event, 'traceparent'), { 'http.request.method': event.method, 'request.id': requestIdOf(event) })
  if (span) event.context.span = span
  res.once?.('close', () => {
    const ms = performance.now() - started
    const route = known.route ?? routeOf(event)
    countRequest({ method: event.method, route, status: res.statusCode }, ms)
    if (span) {
      span.updateName(`${event.method} ${route}`).setAttributes({ 'http.route': route, 'http.response.status_code': res.statusCode })
      if (res.statusCode >= 500) failSpan(span)
      span.end()
    }
    const line = { request_id: requestIdOf(event), method: event.method, path, status: res.statusCode, duration_ms: Math.round(ms * 10) / 10 }
    if (req.destroyed && !res.writableFinished) log.info({ ...line, aborted: true }, 'request aborted')
    else log.info(line, 'request')
  })
}
