import { send, type H3Event } from 'h3'
import type { NitroErrorHandler } from 'nitropack'
import { sendApiError } from './send-error'

/** What fails outside of our routes (an address that cannot be decoded, a middleware): the contract's body on /api. Elsewhere the next handler, Nuxt's, draws the error page. */
export default (async (error, event: H3Event) => {
  if (!event.path.startsWith('/api/') || event.handled) return
  await send(event, JSON.stringify(sendApiError(event, error)), 'application/json; charset=utf-8')
}) as NitroErrorHandler
