import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { AdminConversationDetail } from '#shared/contracts/admin-records'

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

  return { conversation, failure, isLoading, load }
})
