import { browseUsers } from '#server/services/people/browse-users'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listUsersQuery } from '#shared/contracts/admin-people'

export default defineApiRoute({
  GET: apiMethod({ access: 'admin', query: listUsersQuery, handle: ({ query }) => browseUsers(query) }),
})
