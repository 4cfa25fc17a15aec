import { eraseConversations, listGroupsOfConversations, type Erased } from '#server/db/erasure'
import { bumpRevision } from '#server/db/revisions'
import { rewordGroup } from '#server/db/unanswered'

/**
 * Deletes conversations, and their words from where they stand a second time: the list of unanswered questions and what
 * the matcher learned. Call it in a transaction; with `negatives` above 0 forget the revisions after it.
 */
export async function eraseWithTraces(conversationIds: string[]): Promise<Erased> {
  if (!conversationIds.length) return { conversations: 0, messages: 0, ratings: 0, negatives: 0 }
  const groups = await listGroupsOfConversations(conversationIds)
  const erased = await eraseConversations(conversationIds)
  for (const id of groups) await rewordGroup(id)
  if (erased.negatives) await bumpRevision('negatives')
  return erased
}
