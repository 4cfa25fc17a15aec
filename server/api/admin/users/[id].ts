import { editUser } from '#server/services/people/edit-user'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminUserAnswer } from '#shared/contracts/answers/settings'
import { updateUserSchema, userParams } from '#shared/contracts/admin-people'

export default defineApiRoute({
  PATCH: apiMethod({
    access: 'admin',
    summary: 'Changes a role, disables or enables an account',
    answers: { 200: adminUserAnswer },
    errors: ['CONFLICT'],
    params: userParams,
    body: updateUserSchema,
    handle: ({ user, params, body }) => editUser(user.id, params.id, body),
  }),
})
