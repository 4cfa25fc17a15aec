import { afterTransaction } from './client'

/*
 * Whoever changes what a server may keep in memory says so around the change, so that on the server that writes nothing
 * older is ever used. Other servers hear of it from the database itself (triggers of migration 0010).
 */

/** Names what changes: the customer whose conversations, the user whose sessions or account. */
export const conversationsOf = (customerId: string) => `c${customerId}`
export const accountOf = (userId: string) => `u${userId}`

export interface ChangeListener {
  /** The change may be in force from now on. */
  begin: (tag: string) => void
  /** It is in force, or was taken back. */
  end: (tag: string) => void
}

const listeners = new Set<ChangeListener>()

/** Hears of this process's own changes, until the returned function is called. */
export function listenToChanges(listener: ChangeListener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Runs `work`, which changes what `tag` names; inside of a transaction the change lasts until that has ended. */
export async function changing<Result>(tag: string, work: () => PromiseLike<Result>): Promise<Result> {
  const told = [...listeners]
  const end = () => told.forEach(listener => listener.end(tag))
  for (const listener of told) listener.begin(tag)
  try {
    return await work()
  }
  finally {
    afterTransaction(end)
  }
}
