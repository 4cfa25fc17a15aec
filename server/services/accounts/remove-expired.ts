import { deleteExpiredAccountTokens } from '#server/db/account-tokens'
import { deleteExpiredSessions } from '#server/db/sessions'
import { deleteExpiredDelays } from '#server/db/sign-in-delays'

/** What is over by itself and of no use to anybody: sessions, links sent by e-mail, waits after failed sign-ins. */
export async function removeExpired(now: Date): Promise<void> {
  await deleteExpiredSessions(now)
  await deleteExpiredAccountTokens(now)
  await deleteExpiredDelays(now)
}
