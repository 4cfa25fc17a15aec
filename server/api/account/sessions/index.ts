import { listAccountSessions } from '#server/services/accounts/account-sessions'
import { endAllSessions } from '#server/services/accounts/sessions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { clearSessionCookie, readSessionToken } from '#server/utils/session-cookie'
import { accountSessionsAnswer, sessionsEndedAnswer } from '#shared/contracts/answers/account'
import type { AccountSessions, SessionsEnded } from '#shared/contracts/account'

export default defineApiRoute({
  GET: apiMethod({
    access: 'customer',
    summary: 'Where somebody is signed in',
    answers: { 200: accountSessionsAnswer },
    handle: async ({ event, user }): Promise<AccountSessions> => ({ items: await listAccountSessions(user.id, readSessionToken(event)!) }),
  }),
  // Signs out everywhere, here too.
  DELETE: apiMethod({
    access: 'customer',
    summary: 'Signs out everywhere',
    answers: { 200: sessionsEndedAnswer },
    handle: async ({ event, user }): Promise<SessionsEnded> => {
      const ended = await endAllSessions(user.id)
      clearSessionCookie(event)
      return { ended }
    },
  }),
})
