import type { ChatMessage, ConversationStatus } from '#shared/contracts/chat'
import type { Outgoing } from './types'

/** What localStorage keeps of the current conversation. */
export interface ConversationCopy {
  conversationId: string
  status: ConversationStatus
  handling?: string
  etag: string | null
  messages: ChatMessage[]
  readSeq: number
}

const PREFIX = 'vasiliasbot:'
const OWNER = `${PREFIX}owner`
const OUTBOX_MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000

type Persisted = Omit<Outgoing, 'state'> & { failed: boolean }

/** The browser's storage, or null where it is switched off: the chat then works without a memory. */
function findStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  }
  catch {
    return null
  }
}

function keysOf(storage: Storage, prefix: string): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)!).filter(key => key.startsWith(prefix))
}

/**
 * All that the chat keeps in the browser for one customer. The outbox has a key for each message, so that two tabs
 * never overwrite each other's: adding and removing are single writes.
 */
export function createLocalCopy(customerId: string, storage = findStorage()) {
  const base = `${PREFIX}${customerId}:`
  const outboxBase = `${base}out:`
  const outboxKey = (entry: { createdAt: number, clientId: string }) => `${outboxBase}${String(entry.createdAt).padStart(15, '0')}:${entry.clientId}`

  function read<Value>(name: string): Value | null {
    try {
      return JSON.parse(storage?.getItem(base + name) ?? 'null') as Value | null
    }
    catch {
      return null
    }
  }

  function put(key: string, value: unknown): boolean {
    try {
      storage?.setItem(key, JSON.stringify(value))
      return storage !== null
    }
    catch {
      return false
    }
  }

  /** Marks this customer as the one at the computer. Histories and drafts of anybody else go; their unsent messages wait for them. */
  function claim(): void {
    if (!storage) return
    for (const key of keysOf(storage, PREFIX)) {
      const isForeign = key !== OWNER && !key.startsWith(base)
      const sentAt = Number(/:out:(\d+):/.exec(key)?.[1] ?? 0)
      if ((isForeign && !sentAt) || (sentAt && Date.now() - sentAt > OUTBOX_MAX_AGE_MS)) storage.removeItem(key)
    }
    try {
      storage.setItem(OWNER, customerId)
    }
    catch { /* A full or read-only storage: nothing is kept, nothing to own. */ }
  }

  /** False once the customer has signed out, in this tab or another, or somebody else has signed in. */
  const isOwner = () => !storage || storage.getItem(OWNER) === customerId

  function wipe(): void {
    if (!storage) return
    for (const key of keysOf(storage, base)) storage.removeItem(key)
    if (storage.getItem(OWNER) === customerId) storage.removeItem(OWNER)
  }

  function listOutbox(): Outgoing[] {
    if (!storage) return []
    return keysOf(storage, outboxBase).sort().flatMap((key) => {
      const entry = read<Persisted>(key.slice(base.length))
      return entry?.clientId && entry.text ? [{ ...entry, state: entry.failed ? 'failed' as const : 'queued' as const }] : []
    })
  }

  /** @returns false when the browser would not keep it. */
  function putOutgoing({ state, ...entry }: Outgoing): boolean {
    const value: Persisted = { ...entry, failed: state === 'failed' }
    if (put(outboxKey(entry), value)) return true
    // Full: a history can be read again, a message that was not sent cannot.
    storage?.removeItem(`${base}copy`)
    return put(outboxKey(entry), value)
  }

  return {
    read,
    write: (name: string, value: unknown) => put(base + name, value),
    remove: (name: string) => storage?.removeItem(base + name),
    listOutbox,
    putOutgoing,
    removeOutgoing: (entry: Outgoing) => storage?.removeItem(outboxKey(entry)),
    claim,
    isOwner,
    wipe,
    /** Whether a `storage` event is about this customer's outbox, or about who owns the data. */
    concerns: (key: string | null) => (key === null || key === OWNER ? 'owner' : key.startsWith(outboxBase) ? 'outbox' : null),
  }
}

export type LocalCopy = ReturnType<typeof createLocalCopy>
