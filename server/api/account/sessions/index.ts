import { listAccountSessions } from '#server/services/accounts/account-sessions'
import { endAllSessions } from '#server/services/accounts/sessions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { clearSessionCookie, readSessionToken } from '#server/utils/session-cookie'
import type { AccountSessions, SessionsEnded } from '#shared/contracts/account'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    handle: async ({ event, user }): Promise<AccountSessions> => ({ items: await listAccountSessions(user.id, readSessionToken(event)!) }),
  }),
  // Signs out everywhere, here too.
  DELETE: apiMethod({
    access: 'customer',
    handle: async ({ event, user }): Promise<SessionsEnded> => {
      const ended = await endAllSessions(user.id)
      clearSessionCookie(event)
      return { ended }
    },
  }),
})
