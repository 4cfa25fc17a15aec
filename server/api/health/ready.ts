import { z } from 'zod'
import { AppError } from '#server/core/app-error'
import { isReady } from '#server/services/application'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Whether requests can be served',
    answers: { 200: z.object({ status: z.literal('ready') }) },
    handle: async () => {
      if (!await isReady()) throw new AppError('UNAVAILABLE', 'The database has not every migration of this version yet.', { retryAfter: 2 })
      return { status: 'ready' }
    },
  }),
})
