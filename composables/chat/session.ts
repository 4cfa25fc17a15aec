import { watch, type WatchStopHandle } from 'vue'
import { ApiError, createApiClient, type Transport } from '~/composables/api-client'
import type { BotReply, ChatFaq, FeedbackValue, LeftToPerson, PendingAnswer, CustomerChatConfig } from '#shared/contracts/chat'
import { createLive, isGone } from './live'
import { createLocalCopy } from './local-copy'
import { createOutbox } from './outbox'
import { backOffMs, createPoller } from './poller'
import { createRatings } from './ratings'
import { resetChatState, type ChatState } from './state'
import { createTabs, type TabNote } from './tabs'
import type { Outgoing } from './types'

export interface ChatOptions {
  apiBaseUrl: string
  customerId: string
  conversationId?: string | null
  /** For tests: what carries the requests. */
  transport?: Transport
  onMessageSent?: (what: { messageId: string, text: string }) => void
  onFeedback?: (what: { messageId: string, value: FeedbackValue | null }) => void
  /** Signed out in another tab: nothing of this customer may stay on the screen. */
  onLeft?: () => void
}

interface KeptView { isOpen: boolean, draft: string }

/** One customer's chat in this tab, from sign-in to sign-out: wires the parts and listens to the browser. */
export function createChatSession(state: ChatState, options: ChatOptions) {
  const api = createApiClient(options.apiBaseUrl, options.transport)
  const local = createLocalCopy(options.customerId)
  const tabs = createTabs(options.customerId, hear)
  const live = createLive({ state, api, local, tabs: () => tabs, stored: ids => outbox.drop(ids) })
  const outbox = createOutbox({ state, api, local, tabs: () => tabs, accepted })
  const ratings = createRatings({ state, api, live, submitted: (messageId, value) => options.onFeedback?.({ messageId, value }), refused: noticeSignOut })
  const poller = createPoller({ poll, failed, alone: (signal, work) => tabs.alone('poll', signal, work) })
  const unwatch: WatchStopHandle[] = []
  let draftTimer: ReturnType<typeof setTimeout> | undefined

  function noticeSignOut(error: unknown): boolean {
    const isSignedOut = error instanceof ApiError && error.status === 401
    if (isSignedOut) state.signedOut.value = true
    return isSignedOut
  }

  async function poll(signal: AbortSignal): Promise<number> {
    state.isLoading.value = !state.messages.value.length
    try {
      const pause = await live.sync(signal)
      state.connection.value = 'ok'
      return pause
    }
    finally {
      if (!signal.aborted) state.isLoading.value = false
    }
  }

  function failed(error: unknown, failures: number): number {
    if (noticeSignOut(error)) return backOffMs(failures)
    if (isGone(error)) {
      live.switchTo(null)
      live.forgetLocation()
    }
    else if (navigator.onLine === false) state.connection.value = 'offline'
    else if (failures > 1) state.connection.value = 'unreachable'
    return backOffMs(failures, error instanceof ApiError ? error.retryAfterMs : null)
  }

  function accepted(entry: Outgoing, answer: BotReply | PendingAnswer | LeftToPerson): boolean {
    const isNew = state.conversationId.value !== answer.conversation_id
    if (isNew) {
      live.switchTo(answer.conversation_id)
      tabs.tell({ kind: 'conversation', conversationId: answer.conversation_id })
    }
    const isPending = 'question' in answer
    if (answer.handled_by) state.handling.value = answer.handled_by
    const isPlaced = isPending ? live.offer([answer.question]) : live.offerReply(entry, answer)
    if (isPlaced) tabs.tell({ kind: 'messages', conversationId: answer.conversation_id, status: 'active', etag: null, messages: state.messages.value.slice(-2) })
    // Without a conversation the poller had little to do and is still resting.
    if (!isPlaced || isPending || isNew) pollNow()
    options.onMessageSent?.({ messageId: isPending ? answer.question.id : answer.reply_to, text: entry.text })
    return isPlaced
  }

  /** Asks the server now, here or in the tab that does the polling. */
  function pollNow(): void {
    if (!poller.kick()) tabs.tell({ kind: 'poll' })
  }

  function hear(note: TabNote): void {
    if (note.kind === 'messages') {
      if (!live.follow(note)) pollNow()
    }
    else if (note.kind === 'poll') poller.kick()
    else if (note.kind === 'read') state.readSeq.value = Math.max(state.readSeq.value, note.seq)
    else if (note.kind === 'signed-out') leave()
    else if (note.conversationId !== state.conversationId.value) {
      live.switchTo(note.conversationId)
      poller.kick()
    }
  }

  function leave(): void {
    stop()
    resetChatState(state)
    options.onLeft?.()
  }

  const isVisible = () => document.visibilityState !== 'hidden'
  /** Something is on its way: a reply, or a person's word. */
  const isPending = () => state.handling.value !== 'bot' || state.messages.value.some(message => message.pending)

  function decide(): void {
    const wanted = !state.signedOut.value && isVisible() && navigator.onLine !== false && (state.isOpen.value || isPending() || state.outbox.value.some(entry => entry.state === 'stored'))
    if (wanted) poller.start()
    else poller.stop()
  }

  function comeBack(): void {
    if (!local.isOwner()) return leave()
    decide()
    if (!isVisible()) return
    pollNow()
    if (state.outbox.value.length) void outbox.flush()
  }

  function onConnection(): void {
    state.connection.value = navigator.onLine === false ? 'offline' : 'ok'
    comeBack()
  }

  function onStorage(event: StorageEvent): void {
    const about = local.concerns(event.key)
    if (about === 'owner' && !local.isOwner()) leave()
    if (about !== 'outbox') return
    outbox.reload()
    if (isVisible()) void outbox.flush()
  }

  function saveView(): void {
    clearTimeout(draftTimer)
    if (local.isOwner()) local.write('view', { isOpen: state.isOpen.value, draft: state.draft.value } satisfies KeptView)
  }

  function saveAll(): void {
    saveView()
    live.save()
  }

  function markRead(): void {
    const seq = live.lastSeq()
    if (!state.isOpen.value || !isVisible() || seq <= state.readSeq.value) return
    state.readSeq.value = seq
    live.saveSoon()
    tabs.tell({ kind: 'read', seq })
  }

  const listeners: [EventTarget, string, EventListener][] = [
    [window, 'online', onConnection],
    [window, 'offline', onConnection],
    [window, 'focus', comeBack],
    [window, 'pageshow', comeBack],
    [window, 'pagehide', saveAll],
    [window, 'storage', onStorage as EventListener],
    [document, 'visibilitychange', comeBack],
    [document, 'visibilitychange', markRead],
  ]

  function start(): void {
    local.claim()
    state.customerId.value = options.customerId
    const view = local.read<KeptView>('view')
    state.isOpen.value = view?.isOpen === true
    state.draft.value = typeof view?.draft === 'string' ? view.draft : ''
    state.faqs.value = local.read<{ list: ChatFaq[] }>('faqs')?.list ?? null
    state.config.value = local.read<CustomerChatConfig>('config')
    if (navigator.onLine === false) state.connection.value = 'offline'
    live.restore(options.conversationId ?? null)
    outbox.reload()
    for (const [target, type, listener] of listeners) target.addEventListener(type, listener)
    unwatch.push(
      watch([state.isOpen, state.messages, state.signedOut, state.outbox, state.handling], decide),
      watch([state.isOpen, state.messages], markRead),
      watch(state.isOpen, saveView),
      watch(state.draft, () => {
        clearTimeout(draftTimer)
        draftTimer = setTimeout(saveView, 300)
      }),
    )
    decide()
    if (state.outbox.value.length) void outbox.flush()
  }

  function stop(): void {
    poller.stop()
    outbox.close()
    for (const end of unwatch.splice(0)) end()
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener)
    clearTimeout(draftTimer)
    tabs.close()
  }

  async function loadConfig(): Promise<void> {
    state.config.value = await api.get<CustomerChatConfig>('/config')
    local.write('config', state.config.value)
  }

  async function loadFaqs(): Promise<void> {
    const etag = state.faqs.value ? local.read<{ etag: string | null }>('faqs')?.etag : null
    state.faqsFailed.value = false
    const response = await api.send<ChatFaq[]>('GET', '/faqs', { headers: etag ? { 'if-none-match': etag } : {} }).catch((error) => {
      state.faqsFailed.value = true
      throw error
    })
    if (!response.data) return
    state.faqs.value = response.data
    local.write('faqs', { etag: response.headers.get('etag'), list: response.data })
  }

  return {
    api,
    customerId: options.customerId,
    live,
    outbox,
    rate: ratings.rate,
    start,
    stop: () => {
      saveAll()
      stop()
    },
    pollNow,
    loadConfig,
    loadFaqs,
    noticeSignOut,
    tellConversation: (conversationId: string | null) => tabs.tell({ kind: 'conversation', conversationId }),
    /** The same customer has signed in again: go on where it stopped. */
    resume: () => {
      state.signedOut.value = false
      comeBack()
      void outbox.flush()
    },
    /** Sign-out: nothing of this customer stays in this browser, in any tab. */
    wipe: () => {
      local.wipe()
      tabs.tell({ kind: 'signed-out' })
      stop()
    },
  }
}

export type ChatSession = ReturnType<typeof createChatSession>
