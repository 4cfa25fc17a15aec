import { z } from 'zod'
import { tickTask } from '#server/services/plans/wedding-plan'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { planTaskAnswer } from '#shared/contracts/answers/account'
import { savePlanTaskSchema } from '#shared/contracts/plan'

export default defineApiRoute({
  PUT: apiMethod({
    access: 'customer',
    summary: 'Ticks a task of the plan, or unticks it',
    answers: { 200: planTaskAnswer },
    params: z.object({ key: z.string().max(100) }),
    body: savePlanTaskSchema,
    handle: ({ user, params, body }) => tickTask(user.id, params.key, body.done),
  }),
})
