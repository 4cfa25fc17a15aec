import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { AdminConversationDetail } from '#shared/contracts/admin-records'

const REREAD = 20
/** Messages shown before the one that is looked for. */
const LEAD = 30
/** Messages read at once. */
const PART = 200

/** One conversation, read from its beginning, from a little before a message that was searched for, or at its end when somebody waits there for an answer. */
export const useAdminConversation = defineStore('admin-conversation', () => {
  const api = useApi()
  const conversation = shallowRef<AdminConversationDetail | null>(null)
  const failure = ref<AdminFailure | null>(null)
  const isLoading = ref(false)
  let turn = 0

  const hasEarlier = computed(() => (conversation.value?.messages[0]?.seq ?? 1) > 1)
  const read = (id: string, query: { after?: number | null, limit?: number }) => api.get<AdminConversationDetail>(`/admin/conversations/${id}`, { query })

  async function begin(id: string, seq: number | null): Promise<AdminConversationDetail> {
    const detail = await read(id, { after: seq && seq > LEAD ? seq - LEAD : undefined })
    const isAwaited = seq === null && detail.handling !== 'bot' && detail.next_after !== null
    return isAwaited ? read(id, { after: Math.max(0, detail.message_count - LEAD) }) : detail
  }

  /**
   * Goes on after what is there already when it is the same conversation and more follows.
   * @param seq the message that is looked for; null: none
   */
  async function load(id: string, isMore = false, seq: number | null = null) {
    const mine = ++turn
    const known = isMore && conversation.value?.id === id ? conversation.value : null
    isLoading.value = true
    failure.value = null
    if (!known) conversation.value = null
    try {
      const detail = known ? await read(id, { after: known.next_after }) : await begin(id, seq)
      if (mine === turn) conversation.value = { ...detail, messages: [...known?.messages ?? [], ...detail.messages] }
    }
    catch (error) {
      if (mine === turn) failure.value = failureOf(error)
    }
    finally {
      if (mine === turn) isLoading.value = false
    }
  }

  /** What came before the first message in sight. */
  async function loadEarlier() {
    const known = conversation.value
    if (!known || !hasEarlier.value || isLoading.value) return
    const mine = ++turn
    const first = known.messages[0]!.seq
    const after = Math.max(0, first - 1 - PART)
    isLoading.value = true
    failure.value = null
    try {
      const { messages } = await read(known.id, { after, limit: first - 1 - after })
      if (mine === turn) conversation.value = { ...known, messages: [...messages, ...known.messages] }
    }
    catch (error) {
      if (mine === turn) failure.value = failureOf(error)
    }
    finally {
      if (mine === turn) isLoading.value = false
    }
  }

  /** What has come since, and who answers now; quietly, and only where the conversation is on the screen to its end. */
  async function refresh(id: string) {
    const known = conversation.value
    if (!known || known.id !== id || known.next_after !== null || isLoading.value) return
    const mine = turn
    // A rating or a question's state may have changed among the last ones.
    const from = Math.max(0, (known.messages.at(-1)?.seq ?? 0) - REREAD)
    try {
      const detail = await read(id, { after: from })
      if (mine === turn && conversation.value === known) conversation.value = { ...detail, messages: [...known.messages.filter(({ seq }) => seq <= from), ...detail.messages] }
    }
    catch (error) {
      failureOf(error)
    }
  }

  return { conversation, failure, isLoading, hasEarlier, load, loadEarlier, refresh }
})
