import { endSession } from '#server/services/accounts/sessions'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { clearSessionCookie, readSessionToken } from '#server/utils/session-cookie'
import { doneAnswer } from '#shared/contracts/answers/answer'

export default defineApiRoute({
  POST: apiMethod({
    // Signing out twice, or after the session has ended, is signed out all the same.
    access: 'public',
    summary: 'Signs out',
    answers: { 200: doneAnswer },
    handle: async ({ event }) => {
      const token = readSessionToken(event)
      if (token) await endSession(token)
      clearSessionCookie(event)
      return { success: true }
    },
  }),
})
