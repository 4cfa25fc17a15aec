import type { H3Event } from 'h3'
import { z } from 'zod'
import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'
import { catchUp } from '#server/services/catch-up'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { hasBearer } from '#server/utils/require-token'

const deliver = apiMethod({
  access: 'public',
  summary: 'Does one round of the work that a running server does all the time',
  answers: { 200: z.object({ delivered: z.int(), failed: z.int() }) },
  errors: ['NOT_AUTHENTICATED'],
  handle: ({ event }: { event: H3Event }) => {
    if (!hasBearer(event, env().CRON_SECRET)) throw new AppError('NOT_AUTHENTICATED', 'Send the CRON_SECRET as Authorization: Bearer.')
    return catchUp()
  },
})

/** For schedulers of hosts without a running server. GET as well: Vercel's cron knows no other method. */
export default defineApiRoute({ POST: deliver, GET: deliver })
