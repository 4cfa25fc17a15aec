import { reopen } from '#server/services/unanswered/resolve-group'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { unansweredGroupAnswer } from '#shared/contracts/answers/unanswered'
import { unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Opens a settled group again',
    answers: { 200: unansweredGroupAnswer },
    errors: ['CONFLICT'],
    params: unansweredParams,
    handle: ({ user, params }) => reopen(user.id, params.id),
  }),
})
