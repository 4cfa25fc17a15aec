import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminConversation } from '~/stores/admin-conversation'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminWaiting } from '~/stores/admin-waiting'
import type { AgentMessage, ConversationHandling, WaitingConversation, WaitingPage } from '#shared/contracts/handover'

/** Who waits for a person. */
export const useAdminWaitingList = defineStore('admin-waiting-list', () => {
  const api = useApi()
  const items = shallowRef<WaitingConversation[]>([])
  const failure = ref<AdminFailure | null>(null)

  async function load() {
    try {
      items.value = (await api.get<WaitingPage>('/admin/conversations/waiting')).items
      failure.value = null
    }
    catch (error) {
      failure.value = failureOf(error)
    }
  }

  return { items, failure, load }
})

/** Answering in a conversation as a person. */
export const useAdminHandover = defineStore('admin-handover', () => {
  const api = useApi()
  const store = useAdminConversation()
  const notices = useAdminNotices()
  const waiting = useAdminWaiting()
  const draft = ref('')
  const isBusy = ref(false)
  /** Kept with the words until the server has them, so that sending again says nothing twice. */
  let unsent: { text: string, id: string } | null = null

  async function attempt<Result>(run: () => Promise<Result>): Promise<Result | null> {
    if (isBusy.value) return null
    isBusy.value = true
    try {
      return await run()
    }
    catch (error) {
      notices.failed(failureOf(error).message)
      return null
    }
    finally {
      isBusy.value = false
      void waiting.look()
      if (store.conversation) void store.refresh(store.conversation.id)
    }
  }

  const claim = (id: string, takeOver = false) => attempt(() => api.post<ConversationHandling>(`/admin/conversations/${id}/claim`, { take_over: takeOver }))
  const handBack = (id: string) => attempt(() => api.post<ConversationHandling>(`/admin/conversations/${id}/hand-back`))

  async function say(id: string): Promise<boolean> {
    const text = draft.value.trim()
    if (!text) return false
    if (unsent?.text !== text) unsent = { text, id: crypto.randomUUID() }
    const clientId = unsent.id
    const said = await attempt(() => api.post<AgentMessage>(`/admin/conversations/${id}/messages`, { text, client_message_id: clientId }))
    if (!said) return false
    unsent = null
    if (draft.value.trim() === text) draft.value = ''
    return true
  }

  return { draft, isBusy, claim, handBack, say }
})
