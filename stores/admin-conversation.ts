import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { AdminConversationDetail } from '#shared/contracts/admin-records'

const REREAD = 20

/** One conversation, read from its beginning. */
export const useAdminConversation = defineStore('admin-conversation', () => {
  const api = useApi()
  const conversation = shallowRef<AdminConversationDetail | null>(null)
  const failure = ref<AdminFailure | null>(null)
  const isLoading = ref(false)
  let turn = 0

  /** Goes on after what is there already when it is the same conversation and more follows. */
  async function load(id: string, isMore = false) {
    const mine = ++turn
    const known = isMore && conversation.value?.id === id ? conversation.value : null
    isLoading.value = true
    failure.value = null
    if (!known) conversation.value = null
    try {
      const detail = await api.get<AdminConversationDetail>(`/admin/conversations/${id}`, { query: { after: known?.next_after } })
      if (mine === turn) conversation.value = { ...detail, messages: [...known?.messages ?? [], ...detail.messages] }
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
      const detail = await api.get<AdminConversationDetail>(`/admin/conversations/${id}`, { query: { after: from } })
      if (mine === turn && conversation.value === known) conversation.value = { ...detail, messages: [...known.messages.filter(({ seq }) => seq <= from), ...detail.messages] }
    }
    catch (error) {
      failureOf(error)
    }
  }

  return { conversation, failure, isLoading, load, refresh }
})
