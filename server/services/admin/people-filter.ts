import { findCustomerIds } from '#server/db/admin-conversations'

/** More people than this whose name begins alike are narrowed down by typing on. */
const MAX_PEOPLE = 200

/** Whom a filter means: an id, or how a name or an e-mail address begins. undefined: no filter. */
export async function findPeopleIds(typed: string | undefined): Promise<string[] | undefined> {
  if (typed === undefined) return undefined
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(typed)
  return isId ? [typed.toLowerCase()] : findCustomerIds(typed, MAX_PEOPLE)
}
