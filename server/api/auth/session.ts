import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { findUser } from '#server/utils/require-user'
import type { SessionResult } from '#shared/contracts/auth'

export default defineApiRoute({
  GET: apiMethod({ access: 'public', handle: async ({ event }): Promise<SessionResult> => ({ user: await findUser(event) }) }),
})
