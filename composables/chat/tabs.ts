import type { ChatMessage, ConversationStatus } from '#shared/contracts/chat'

/** What tabs of one customer tell each other. */
export type TabNote
  = { kind: 'messages', conversationId: string, status: ConversationStatus, etag: string | null, messages: ChatMessage[] }
    | { kind: 'conversation', conversationId: string | null }
    | { kind: 'poll' }
    | { kind: 'read', seq: number }
    | { kind: 'signed-out' }

/** Other tabs of the same browser. Without Web Locks or BroadcastChannel (plain http, old browsers) every tab is on its own, which is only slower. */
export function createTabs(customerId: string, hear: (note: TabNote) => void) {
  const name = `vasiliasbot:${customerId}`
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
  if (channel) channel.onmessage = (event: MessageEvent<TabNote>) => hear(event.data)
  const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined)

  return {
    tell: (note: TabNote) => channel?.postMessage(note),
    /** Runs `work` in one tab at a time; waits for its turn until `signal` aborts. */
    async alone(task: 'poll' | 'send', signal: AbortSignal, work: () => Promise<void>): Promise<void> {
      if (!locks) return work()
      try {
        await locks.request(`${name}:${task}`, { signal }, work)
      }
      catch (error) {
        if (!signal.aborted) throw error
      }
    },
    close: () => channel?.close(),
  }
}

export type Tabs = ReturnType<typeof createTabs>
