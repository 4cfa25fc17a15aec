import { randomBytes } from 'node:crypto'
import { defineEventHandler, setResponseHeader } from 'h3'
import { AppError } from '#server/core/app-error'
import { sendApiError } from '#server/utils/send-error'
import { readApiDocument } from '#server/utils/openapi/read-document'
import { renderApiPage } from '#server/utils/openapi/render-page'

/** The API's document to read: one page without a script, so that it costs the site's own pages nothing. */
export default defineEventHandler(async (event) => {
  if (event.method !== 'GET' && event.method !== 'HEAD') {
    setResponseHeader(event, 'allow', 'GET, HEAD')
    return sendApiError(event, new AppError('METHOD_NOT_ALLOWED', `${event.method} is not possible here: use GET.`))
  }
  const nonce = randomBytes(16).toString('base64')
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  setResponseHeader(event, 'content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`)
  setResponseHeader(event, 'x-content-type-options', 'nosniff')
  setResponseHeader(event, 'cache-control', 'private, no-cache')
  return renderApiPage(await readApiDocument(), nonce)
})
