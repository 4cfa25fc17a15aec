import { browseUsers } from '#server/services/people/browse-users'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { adminUserPageAnswer } from '#shared/contracts/answers/settings'
import { listUsersQuery } from '#shared/contracts/admin-people'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists and searches accounts',
    answers: { 200: adminUserPageAnswer },
    query: listUsersQuery,
    handle: ({ query }) => browseUsers(query),
  }),
})
