import type { Span } from '@opentelemetry/api'
import type { H3Event } from 'h3'

declare module 'h3' {
  interface H3EventContext {
    /** Of this request, where somebody traces. */
    span?: Span
  }
}

/** The route a request came to, with `:id` for ids: a label with few values, whatever is asked for. */
export function routeOf(event: H3Event): string {
  const path = event.context.matchedRoute?.path
  if (path?.startsWith('/api/')) return path === '/api/**' || path.startsWith('/api/**') ? 'unknown' : path
  return event.path.startsWith('/api/') ? 'unknown' : 'page'
}
