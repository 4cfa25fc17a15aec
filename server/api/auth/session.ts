import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { findUser } from '#server/utils/require-user'
import { sessionAnswer } from '#shared/contracts/answers/account'
import type { SessionResult } from '#shared/contracts/auth'

export default defineApiRoute({
  GET: apiMethod({
    access: 'public',
    summary: 'Who is signed in',
    answers: { 200: sessionAnswer },
    handle: async ({ event }): Promise<SessionResult> => ({ user: await findUser(event) }),
  }),
})
