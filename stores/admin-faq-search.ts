import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { AdminFaq, FaqPage } from '#shared/contracts/admin'

const PAUSE_MS = 250
const SHOWN = 8

/** FAQs to choose one from. */
export const useAdminFaqSearch = defineStore('admin-faq-search', () => {
  const api = useApi()
  const items = shallowRef<AdminFaq[]>([])
  const failure = ref<AdminFailure | null>(null)
  const isBusy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  function reset() {
    clearTimeout(timer)
    turn++
    items.value = []
    failure.value = null
    isBusy.value = false
  }

  function searchSoon(query: string) {
    clearTimeout(timer)
    if (!query.trim()) return reset()
    isBusy.value = true
    timer = setTimeout(() => void search(query.trim()), PAUSE_MS)
  }

  async function search(q: string) {
    const mine = ++turn
    try {
      const page = await api.get<FaqPage>('/admin/faqs', { query: { q, limit: SHOWN } })
      if (mine === turn) [items.value, failure.value] = [page.items, null]
    }
    catch (error) {
      if (mine === turn) failure.value = failureOf(error)
    }
    finally {
      if (mine === turn) isBusy.value = false
    }
  }

  return { items, failure, isBusy, searchSoon, reset }
})
