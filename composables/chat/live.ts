import { ApiError, type ApiClient } from '~/composables/api-client'
import type { BotReply, ChatMessage, ConversationStatus, ConversationSummary } from '#shared/contracts/chat'
import type { ConversationCopy, LocalCopy } from './local-copy'
import { lastSeqOf, mergeMessages, replyToMessage, settleAnswered } from './messages'
import type { ChatState } from './state'
import type { Tabs } from './tabs'
import type { Outgoing } from './types'

/** Each poll reads this many known messages again: their feedback or `pending` may have changed on another device. */
const REREAD = 20
const PAGE = 50
const KEPT_LOCALLY = 60
const NEWEST = 2_147_483_647
/** With nothing to poll: how often to see whether another device has started a conversation. */
const NO_CONVERSATION_MS = 30_000
const DEFAULT_INTERVAL_MS = 2000

/** Runs a change of the list at a moment when the reader's place in it can be kept. */
export type Place = (change: () => void) => unknown

interface LiveParts { state: ChatState, api: ApiClient, local: LocalCopy, tabs: () => Tabs, stored: (clientIds: Set<string>) => void }

/** The conversation on the screen and the server's truth about it. */
export function createLive({ state, api, local, tabs, stored }: LiveParts) {
  let etag: string | null = null
  /** Whether the server has said which conversation is the active one since this page was loaded. */
  let located = false
  let saving: ReturnType<typeof setTimeout> | null = null

  const lastSeq = () => lastSeqOf(state.messages.value)

  function restore(conversationId: string | null): void {
    const copy = local.read<ConversationCopy>('copy')
    if (copy && (!conversationId || conversationId === copy.conversationId) && Array.isArray(copy.messages)) {
      state.conversationId.value = copy.conversationId
      state.conversationStatus.value = copy.status
      state.handling.value = copy.handling ?? 'bot'
      state.messages.value = copy.messages
      state.readSeq.value = copy.readSeq
      etag = copy.etag
    }
    else if (conversationId) {
      state.conversationId.value = conversationId
    }
    located = !!conversationId
  }

  function save(): void {
    if (saving) clearTimeout(saving)
    saving = null
    if (!local.isOwner()) return
    const conversationId = state.conversationId.value
    if (!conversationId) return void local.remove('copy')
    const copy: ConversationCopy = { conversationId, status: state.conversationStatus.value, handling: state.handling.value, etag, messages: state.messages.value.slice(-KEPT_LOCALLY), readSeq: state.readSeq.value }
    local.write('copy', copy)
  }

  function saveSoon(): void {
    saving ??= setTimeout(save, 150)
  }

  /** Turns to another conversation, or to none: the next message starts one. */
  function switchTo(conversationId: string | null): void {
    state.conversationId.value = conversationId
    state.conversationStatus.value = 'active'
    state.handling.value = 'bot'
    state.messages.value = []
    state.ratings.value = {}
    state.readSeq.value = 0
    etag = null
    saveSoon()
  }

  /** Takes in messages that follow on what is known without a gap. */
  function ingest(batch: ChatMessage[], isNews: boolean): void {
    const known = lastSeq()
    state.messages.value = settleAnswered(mergeMessages(state.messages.value, batch), batch)
    const clientIds = new Set(batch.flatMap(message => message.client_message_id ?? []))
    if (clientIds.size) stored(clientIds)
    const arrivals = isNews ? batch.filter(message => message.seq > known && message.sender !== 'customer') : []
    if (arrivals.length) state.arrivals.value = arrivals
    if (!isNews) state.readSeq.value = Math.max(state.readSeq.value, lastSeq())
    saveSoon()
  }

  /** Takes in what a send or another tab brought; false when messages before it are missing, and a poll has to bring them. */
  function offer(batch: ChatMessage[]): boolean {
    const first = batch[0]
    if (!first || first.seq > lastSeq() + 1) return false
    ingest(batch, true)
    return true
  }

  /** The reply of a send. Its question stands right before it when that is the only place left. */
  function offerReply(entry: Outgoing, reply: BotReply): boolean {
    const message = replyToMessage(reply)
    const isKnown = state.messages.value.some(item => item.id === reply.reply_to)
    if (isKnown || lastSeq() !== reply.seq - 2) return offer([message])
    const question: ChatMessage = { id: reply.reply_to, sender: 'customer', text: entry.text, timestamp: new Date(Math.min(entry.createdAt, Date.parse(reply.timestamp))).toISOString(), seq: reply.seq - 1, client_message_id: entry.clientId }
    return offer([question, message])
  }

  async function locate(signal?: AbortSignal): Promise<void> {
    const before = state.conversationId.value
    const [active] = await api.get<ConversationSummary[]>('/conversations', { query: { status: 'active', limit: 1 }, signal })
    if (signal?.aborted || state.conversationId.value !== before) return
    located = true
    if (active && active.id !== before) switchTo(active.id)
    else if (before) state.conversationStatus.value = active ? 'active' : 'closed'
  }

  /** One look at the server. Answers with the milliseconds until the next. */
  async function sync(signal: AbortSignal): Promise<number> {
    if (!located || !state.conversationId.value || state.conversationStatus.value === 'closed') await locate(signal)
    const id = state.conversationId.value
    if (!id) return NO_CONVERSATION_MS
    const isKnown = state.messages.value.length > 0
    const pending = state.messages.value.find(message => message.pending)
    const after = Math.max(0, Math.min(lastSeq() - REREAD, pending ? pending.seq - 1 : NEWEST))
    const response = await api.send<ChatMessage[]>('GET', `/conversations/${id}/messages`, {
      query: isKnown ? { after, limit: 100 } : { before: NEWEST, limit: PAGE },
      headers: etag ? { 'if-none-match': etag } : {},
      signal,
    })
    if (signal.aborted || state.conversationId.value !== id) return 0
    state.handling.value = response.headers.get('x-conversation-handling') ?? 'bot'
    if (response.data) {
      if (isKnown && /rel="?next/.test(response.headers.get('link') ?? '')) {
        // Too far behind to catch up page by page: begin again at the newest.
        state.messages.value = []
        etag = null
        return 0
      }
      take(id, response.data, response.headers, isKnown)
    }
    const paced = Number(response.headers.get('x-poll-after-ms') || Number.NaN)
    if (state.conversationStatus.value === 'closed') return NO_CONVERSATION_MS
    return paced > 0 ? paced : state.config.value?.polling_interval_ms ?? DEFAULT_INTERVAL_MS
  }

  function take(conversationId: string, batch: ChatMessage[], headers: Headers, isNews: boolean): void {
    etag = headers.get('etag')
    const status = (headers.get('x-conversation-status') as ConversationStatus | null) ?? 'active'
    state.conversationStatus.value = status
    ingest(batch, isNews)
    tabs().tell({ kind: 'messages', conversationId, status, etag, messages: batch })
  }

  /** What another tab has read from the server. */
  function follow(note: { conversationId: string, status: ConversationStatus, messages: ChatMessage[] }): boolean {
    if (state.conversationId.value !== note.conversationId) switchTo(note.conversationId)
    state.conversationStatus.value = note.status
    return !note.messages.length || offer(note.messages)
  }

  /** Puts the page of history before the oldest known message in front; `place` runs that when it suits the screen. */
  async function loadEarlier(place: Place = run => run()): Promise<void> {
    const id = state.conversationId.value
    const first = state.messages.value[0]
    if (!id || !first || first.seq <= 1 || state.isLoadingEarlier.value) return
    state.isLoadingEarlier.value = true
    try {
      const page = await readBefore(id, first.seq)
      if (state.conversationId.value !== id) return
      await place(() => {
        state.messages.value = mergeMessages(state.messages.value, page)
      })
    }
    finally {
      state.isLoadingEarlier.value = false
    }
  }

  const readBefore = (id: string, seq = NEWEST) => api.get<ChatMessage[]>(`/conversations/${id}/messages`, { query: { before: seq, limit: PAGE } })

  return { restore, save, switchTo, offer, offerReply, sync, follow, loadEarlier, readBefore, lastSeq, saveSoon, forgetLocation: () => (located = false), patch: (message: ChatMessage) => ingest([message], true) }
}

export type Live = ReturnType<typeof createLive>

/** Whether the conversation itself is gone: deleted, or never this customer's. */
export const isGone = (error: unknown) => error instanceof ApiError && error.status === 404
