import { getRequestHeader, type H3Event } from 'h3'
import { AppError } from '#server/core/app-error'
import { noteClientError } from '#server/services/client-errors'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { consume } from '#server/utils/rate-limit'
import { readJsonBody } from '#server/utils/read-json-body'
import { requestAddress } from '#server/utils/request-address'
import { clientErrorSchema } from '#shared/contracts/client-errors'

const MAX_BYTES = 8 * 1024
const perAddress = { name: 'client-errors-address', points: 20, seconds: 60 }
/** Whoever has many addresses must not fill the log either. */
const together = { name: 'client-errors', points: 300, seconds: 60 }

/** Only a page of ours reports; unlike other writes this one takes nothing from curl either. */
function requireBrowser(event: H3Event): void {
  if (getRequestHeader(event, 'origin') === undefined && getRequestHeader(event, 'sec-fetch-site') !== 'same-origin') {
    throw new AppError('NOT_AUTHORIZED', 'Errors are reported by the pages of this site only.')
  }
}

export default defineApiRoute({
  POST: apiMethod({
    access: 'public',
    summary: 'Takes an error of a page into the log',
    answers: { 204: null },
    errors: ['NOT_AUTHORIZED', 'RATE_LIMITED'],
    readBody: async (event) => {
      requireBrowser(event)
      await consume(perAddress, requestAddress(event))
      await consume(together, 'all')
      return readJsonBody(event, MAX_BYTES)
    },
    body: clientErrorSchema,
    handle: ({ body }) => noteClientError(body),
  }),
})
