import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { FeedbackValue } from '#shared/contracts/chat'
import { createChatSession, type ChatOptions, type ChatSession } from '~/composables/chat/session'
import type { Place } from '~/composables/chat/live'
import { createChatState, resetChatState } from '~/composables/chat/state'
import { makeUuid } from '~/composables/chat/uuid'

/** The chat of the signed-in customer. Started by the widget; what it knows survives navigation here and reloads in localStorage. */
export const useChatStore = defineStore('chat', () => {
  const state = createChatState()
  let session: ChatSession | null = null

  const unread = computed(() => (state.isOpen.value ? 0 : state.messages.value.filter(message => message.sender !== 'customer' && message.seq > state.readSeq.value).length))
  /** A reply is being made: here, on the server, or in another tab. */
  const isAwaiting = computed(() => state.outbox.value.some(entry => entry.state === 'sending' || entry.state === 'stored') || state.messages.value.some(message => message.pending))
  const hasEarlier = computed(() => (state.messages.value[0]?.seq ?? 1) > 1)
  const isEmpty = computed(() => !state.messages.value.length && !state.outbox.value.length)
  let apiBase = ''

  /** Begins for a customer, or goes on after the same one has signed in again. */
  function start(options: ChatOptions): void {
    if (session?.customerId === options.customerId) return session.resume()
    stop()
    apiBase = options.apiBaseUrl.replace(/\/+$/, '')
    session = createChatSession(state, {
      ...options,
      onLeft: () => {
        session = null
        options.onLeft?.()
      },
    })
    session.start()
  }

  /** Ends without touching what is kept for next time. */
  function stop(): void {
    session?.stop()
    session = null
    resetChatState(state)
  }

  /** The customer has signed out: forgets all of theirs, in this browser and in every tab. */
  function signOut(): void {
    session?.wipe()
    session = null
    resetChatState(state)
  }

  function open(): void {
    state.isOpen.value = true
    void prepare()
  }

  let preparing: Promise<unknown> | null = null
  /** Fetches what the panel shows besides messages; failures leave what is cached. */
  function prepare(): Promise<unknown> {
    preparing ??= Promise.all([
      session?.loadConfig().catch(session.noticeSignOut),
      session?.loadFaqs().catch(session.noticeSignOut),
    ]).finally(() => (preparing = null))
    return preparing
  }

  /** @returns whether the outbox took it: only then may the text leave the composer. */
  function send(text: string, faqId: string | null = null): boolean {
    const trimmed = text.trim()
    if (!trimmed || !session) return false
    session.outbox.add({
      clientId: makeUuid(),
      text: trimmed,
      faqId,
      conversationId: state.conversationStatus.value === 'closed' ? null : state.conversationId.value,
      page: location.pathname,
      createdAt: Date.now(),
      state: 'queued',
      reason: null,
      detail: null,
    })
    return true
  }

  /** Leaves a closed conversation for an empty one; the server starts it with the first message. */
  function beginNew(): void {
    session?.live.switchTo(null)
    session?.tellConversation(null)
    for (const entry of state.outbox.value) {
      if (entry.reason === 'closed' || entry.state !== 'failed') session?.outbox.retry(entry.clientId, { conversationId: null })
    }
  }

  /** Asks the API in the customer's name; undefined when there is none. Throws what the API throws, a session that has ended is noticed. */
  async function ask<Value>(request: (session: ChatSession) => Promise<Value>): Promise<Value | undefined> {
    try {
      return session ? await request(session) : undefined
    }
    catch (error) {
      session?.noticeSignOut(error)
      throw error
    }
  }

  return {
    ...state,
    unread,
    isAwaiting,
    hasEarlier,
    isEmpty,
    apiBase: () => apiBase,
    start,
    stop,
    signOut,
    open,
    close: () => (state.isOpen.value = false),
    prepare,
    send,
    retry: (clientId: string) => session?.outbox.retry(clientId),
    discard: (clientId: string) => session?.outbox.drop(new Set([clientId])),
    flush: () => session?.outbox.flush(),
    rate: (messageId: string, value: FeedbackValue | null, comment: string | null = null) => session?.rate(messageId, { value, comment }),
    loadEarlier: (place?: Place) => ask(({ live }) => live.loadEarlier(place)),
    pollNow: () => session?.pollNow(),
    beginNew,
    ask,
    closeArchive: () => (state.archive.value = null),
  }
})
