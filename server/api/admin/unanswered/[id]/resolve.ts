import { resolveGroup } from '#server/services/unanswered/resolve-group'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { resolveAnswer } from '#shared/contracts/answers/unanswered'
import { resolveSchema, unansweredParams } from '#shared/contracts/unanswered'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Settles a group: a new FAQ, a phrasing, or dismissed',
    answers: { 200: resolveAnswer },
    errors: ['CONFLICT'],
    params: unansweredParams,
    body: resolveSchema,
    handle: ({ user, params, body }) => resolveGroup(user.id, params.id, body),
  }),
})
