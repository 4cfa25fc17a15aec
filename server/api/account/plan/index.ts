import { changePlan, readPlan } from '#server/services/plans/wedding-plan'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { savePlanSchema } from '#shared/contracts/plan'

export default defineApiRoute({
  GET: apiMethod({ access: 'customer', handle: ({ user }) => readPlan(user.id) }),
  PUT: apiMethod({ access: 'customer', body: savePlanSchema, handle: ({ user, body }) => changePlan(user.id, body) }),
})
