import { editUser } from '#server/services/people/edit-user'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { updateUserSchema, userParams } from '#shared/contracts/admin-people'

export default defineApiRoute({
  PATCH: apiMethod({ access: 'admin', params: userParams, body: updateUserSchema, handle: ({ user, params, body }) => editUser(user.id, params.id, body) }),
})
