import { ApiError, type ApiClient } from '~/composables/api-client'
import type { BotReply, LeftToPerson, PendingAnswer, SendMessage } from '#shared/contracts/chat'
import type { LocalCopy } from './local-copy'
import { backOffMs } from './poller'
import type { ChatState } from './state'
import type { Tabs } from './tabs'
import type { HoldReason, Outgoing } from './types'

/** The RAG service may take 60 s; past this the connection is taken for dead. Sending again under the same id is harmless. */
const SEND_DEADLINE_MS = 75_000
/** A server that answers "internal error" this often in a row will not be asked again without the person. */
const MAX_SERVER_ERRORS = 4

interface OutboxParts {
  state: ChatState
  api: ApiClient
  local: LocalCopy
  tabs: () => Tabs
  /** The server has stored the question. */
  accepted: (entry: Outgoing, answer: BotReply | PendingAnswer | LeftToPerson) => boolean
}

type Verdict = 'next' | 'again' | 'stop'

/** Sends what the customer wrote: in order, one at a time over all tabs, until the server has it. */
export function createOutbox({ state, api, local, tabs, accepted }: OutboxParts) {
  const lifetime = new AbortController()
  let flushing = false
  let flushAgain = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Ends the wait for a send whose question a poll has already shown: the next may go. */
  let release: { clientId: string, resolve: (verdict: Verdict) => void } | null = null

  function update(clientId: string, change: Partial<Outgoing>): void {
    state.outbox.value = state.outbox.value.map(entry => (entry.clientId === clientId ? { ...entry, ...change } : entry))
  }

  /** Takes the outbox of the browser's storage, which other tabs write too, without losing what this tab is doing. */
  function reload(): void {
    const known = new Map(state.outbox.value.map(entry => [entry.clientId, entry]))
    const listed = local.listOutbox().map((entry) => {
      const mine = known.get(entry.clientId)
      known.delete(entry.clientId)
      return mine && mine.conversationId === entry.conversationId && (mine.state === 'failed') === (entry.state === 'failed') ? mine : entry
    })
    const unlisted = [...known.values()].filter(entry => entry.state === 'stored' || entry.state === 'sending' || unkept.has(entry.clientId))
    state.outbox.value = [...listed, ...unlisted].sort((a, b) => a.createdAt - b.createdAt)
  }

  /** Messages the browser would not keep: in memory only. */
  const unkept = new Set<string>()

  function add(entry: Outgoing): void {
    // Two messages of one millisecond keep their order.
    const newest = state.outbox.value.at(-1)?.createdAt ?? 0
    const placed = { ...entry, createdAt: Math.max(entry.createdAt, newest + 1) }
    if (!local.putOutgoing(placed)) unkept.add(placed.clientId)
    state.outbox.value = [...state.outbox.value, placed]
    void flush()
  }

  function drop(clientIds: Set<string>): void {
    for (const entry of state.outbox.value) {
      if (clientIds.has(entry.clientId)) local.removeOutgoing(entry)
    }
    if (state.outbox.value.some(entry => clientIds.has(entry.clientId))) {
      state.outbox.value = state.outbox.value.filter(entry => !clientIds.has(entry.clientId))
    }
    if (release && clientIds.has(release.clientId)) release.resolve('next')
  }

  /** Changes a message for good: the storage has it too. */
  function keep(entry: Outgoing, change: Partial<Outgoing>): void {
    update(entry.clientId, change)
    local.putOutgoing({ ...entry, ...change })
  }

  function hold(entry: Outgoing, reason: HoldReason, retryInMs?: number): Verdict {
    update(entry.clientId, { state: 'waiting', reason, detail: null })
    clearTimeout(timer)
    if (retryInMs !== undefined) timer = setTimeout(() => void flush(), retryInMs)
    return 'stop'
  }

  function refuse(entry: Outgoing, reason: HoldReason, detail: string | null): Verdict {
    keep(entry, { state: 'failed', reason, detail })
    return 'next'
  }

  function judge(entry: Outgoing, error: unknown): Verdict {
    if (!(error instanceof ApiError)) return hold(entry, 'unreachable', backOffMs(++failures))
    if (error.status === 401) {
      state.signedOut.value = true
      return hold(entry, 'signed-out')
    }
    if (error.status === 429) {
      const pause = error.retryAfterMs ?? 5000
      state.heldUntil.value = Date.now() + pause
      return hold(entry, 'rate-limited', pause)
    }
    if (error.status === 409) {
      if (entry.conversationId === state.conversationId.value) state.conversationStatus.value = 'closed'
      return refuse(entry, 'closed', null)
    }
    if (error.status === 404 && entry.conversationId) {
      keep(entry, { conversationId: null, state: 'queued' })
      return 'again'
    }
    if (error.status === 0) {
      state.connection.value = navigator.onLine === false ? 'offline' : 'unreachable'
      return hold(entry, state.connection.value, backOffMs(++failures))
    }
    if (error.status >= 500 && (error.status !== 500 || failures < MAX_SERVER_ERRORS)) return hold(entry, 'unreachable', backOffMs(++failures, error.retryAfterMs))
    return refuse(entry, error.status >= 500 ? 'unreachable' : 'refused', error.status >= 500 ? null : error.message)
  }

  async function post(entry: Outgoing): Promise<Verdict> {
    const body: SendMessage = { message_text: entry.text, client_message_id: entry.clientId, conversation_id: entry.conversationId, faq_id: entry.faqId, page: entry.page, accept_pending: true }
    const deadline = new AbortController()
    const timeout = setTimeout(() => deadline.abort(), SEND_DEADLINE_MS)
    lifetime.signal.addEventListener('abort', () => deadline.abort(), { once: true })
    try {
      const answer = await api.post<BotReply | PendingAnswer | LeftToPerson>('/messages', body, { signal: deadline.signal })
      if (lifetime.signal.aborted) return 'stop'
      failures = 0
      state.heldUntil.value = 0
      state.connection.value = 'ok'
      // Where messages before it are unknown, the text stays on the screen until the poll has them.
      const isPlaced = accepted(entry, answer)
      local.removeOutgoing(entry)
      if (isPlaced) drop(new Set([entry.clientId]))
      else update(entry.clientId, { state: 'stored', reason: null })
      return 'next'
    }
    catch (error) {
      // A poll has shown it meanwhile: the server has the question, whatever became of this request.
      const isStored = !state.outbox.value.some(item => item.clientId === entry.clientId)
      return lifetime.signal.aborted ? 'stop' : isStored ? 'next' : judge(entry, error)
    }
    finally {
      clearTimeout(timeout)
    }
  }

  async function deliver(entry: Outgoing): Promise<Verdict> {
    update(entry.clientId, { state: 'sending', reason: null, detail: null })
    const shown = new Promise<Verdict>((resolve) => {
      release = { clientId: entry.clientId, resolve }
    })
    const verdict = await Promise.race([post(entry), shown])
    release = null
    return verdict
  }

  async function flush(): Promise<void> {
    if (state.signedOut.value || lifetime.signal.aborted) return
    if (flushing) {
      flushAgain = true
      return
    }
    clearTimeout(timer)
    flushing = true
    try {
      await tabs().alone('send', lifetime.signal, async () => {
        for (;;) {
          reload()
          const head = state.outbox.value.find(entry => entry.state === 'queued' || entry.state === 'waiting')
          if (!head || lifetime.signal.aborted || !local.isOwner()) return
          if (navigator.onLine === false) return void hold(head, 'offline')
          if (state.heldUntil.value > Date.now()) return void hold(head, 'rate-limited', state.heldUntil.value - Date.now())
          if ((await deliver(head)) === 'stop') return
        }
      })
    }
    finally {
      flushing = false
      if (flushAgain) {
        flushAgain = false
        void flush()
      }
    }
  }

  return {
    add,
    drop,
    flush,
    reload,
    retry(clientId: string, change: Partial<Outgoing> = {}): void {
      const entry = state.outbox.value.find(item => item.clientId === clientId)
      if (!entry) return
      failures = 0
      keep(entry, { ...change, state: 'queued', reason: null, detail: null })
      void flush()
    },
    close(): void {
      lifetime.abort()
      clearTimeout(timer)
    },
  }
}
