import { z } from 'zod'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'

/** Says only that the process runs; it must not wait for the database. */
export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    withoutStart: true,
    summary: 'Whether the process runs',
    answers: { 200: z.object({ status: z.literal('live') }) },
    handle: () => ({ status: 'live' }),
  }),
})
