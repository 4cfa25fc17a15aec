import { conversationsOf } from '#server/db/changes'
import { readPulse, type ConversationPulse } from '#server/db/conversations'
import { changeWatch } from '#server/services/watch/change-watch'

/** About 400 bytes each. */
const KEPT = 50_000
/** Nothing asks for it while changes are heard; it bounds what a change made behind the triggers' back could do. */
const MAX_AGE_MS = 60_000

const pulses = changeWatch.cache<ConversationPulse>({ entries: KEPT, maxAgeMs: MAX_AGE_MS, unwatchedMs: 0 })

const keyOf = (customerId: string, id: string) => `${customerId}/${id}`

/** The pulse as it is kept in memory, where that holds; undefined: ask the database. */
export const keptPulse = (customerId: string, id: string): ConversationPulse | undefined => pulses.find(keyOf(customerId, id))

/** Reads the pulse of the customer's conversation and keeps it until it changes; null: there is none of theirs. */
export async function readAndKeepPulse(customerId: string, id: string): Promise<ConversationPulse | null> {
  const tags = [conversationsOf(customerId)]
  const found = await pulses.read(keyOf(customerId, id), async () => {
    const value = await readPulse(customerId, id)
    // Whether somebody works on a pending question is a matter of time, not of a change.
    return value && { value, tags, keep: !value.pending }
  })
  return found?.value ?? null
}
