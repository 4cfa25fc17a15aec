import type { MessageRow } from '#server/db/messages'
import { deleteThumbsDown, insertThumbsDown, recountGroup } from '#server/db/unanswered'

/** A thumbs down puts the question on the list of unanswered ones; changed or taken back, it leaves it. Call it in the rating's transaction. */
export async function noteRating(reply: MessageRow, value: 'up' | 'down' | null): Promise<void> {
  if (!reply.replyTo) return
  if (value === 'down') return insertThumbsDown(reply.replyTo, reply.createdAt)
  const groupId = await deleteThumbsDown(reply.replyTo)
  if (groupId) await recountGroup(groupId)
}
