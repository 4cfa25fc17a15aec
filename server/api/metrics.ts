import { setResponseHeader } from 'h3'
import { AppError, notFound } from '#server/core/app-error'
import { env } from '#server/core/env'
import { renderMetrics } from '#server/services/render-metrics'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { hasBearer, isOnLoopback } from '#server/utils/require-token'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Figures for Prometheus',
    answers: { 200: { 'text/plain': null } },
    errors: ['NOT_AUTHENTICATED', 'NOT_FOUND'],
    handle: async ({ event }) => {
      const { METRICS_TOKEN } = env()
      if (!hasBearer(event, METRICS_TOKEN) && !isOnLoopback(event)) {
        throw METRICS_TOKEN ? new AppError('NOT_AUTHENTICATED', 'Send the METRICS_TOKEN as Authorization: Bearer.') : notFound('page')
      }
      const { type, text } = await renderMetrics()
      setResponseHeader(event, 'content-type', type)
      return text
    },
  }),
})
