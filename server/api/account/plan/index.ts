import { changePlan, readPlan } from '#server/services/plans/wedding-plan'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { weddingPlanAnswer } from '#shared/contracts/answers/account'
import { savePlanSchema } from '#shared/contracts/plan'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Reads the wedding plan',
    answers: { 200: weddingPlanAnswer },
    handle: ({ user }) => readPlan(user.id),
  }),
  PUT: apiMethod({
    access: 'customer',
    summary: 'Saves the wedding plan',
    answers: { 200: weddingPlanAnswer },
    errors: ['CONFLICT'],
    body: savePlanSchema,
    handle: ({ user, body }) => changePlan(user.id, body),
  }),
})
