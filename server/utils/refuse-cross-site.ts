import { getRequestHeader, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { requestOrigin } from './request-address'

/**
 * Refuses a write that another site's page makes with our visitor's cookie. Browsers send `Origin` with every write;
 * without it `Sec-Fetch-Site` tells; with neither it is no browser (curl), which has no cookie but its own.
 */
export function refuseCrossSite(event: H3Event): void {
  const origin = getRequestHeader(event, 'origin')
  const site = getRequestHeader(event, 'sec-fetch-site')
  const own = origin !== undefined
    ? URL.canParse(origin) && new URL(origin).host === requestOrigin(event).host
    : site === undefined || site === 'same-origin' || site === 'none'
  if (!own) throw new AppError('NOT_AUTHORIZED', 'This request came from another site and was refused: use the chat on its own site.')
}
