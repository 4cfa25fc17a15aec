import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import { defineRecordStore } from '~/stores/admin-records'
import type { FaqNegative } from '#shared/contracts/admin'

export const useAdminNegatives = defineRecordStore<FaqNegative>('admin-negatives', '/admin/faqs/negatives')

/** Takes learned pairs back. */
export const useAdminUnlearn = defineStore('admin-unlearn', () => {
  const api = useApi()
  const list = useAdminNegatives()
  const notices = useAdminNotices()
  const busy = ref<string[]>([])

  async function remove(pair: FaqNegative) {
    if (busy.value.includes(pair.id)) return
    busy.value.push(pair.id)
    try {
      await api.delete(`/admin/faqs/negatives/${pair.id}`)
      list.items = list.items.filter(item => item.id !== pair.id)
      notices.done(`“${pair.question}” may be answered with “${pair.faq_question}” again.`, { label: 'Undo', run: () => void restore(pair) })
    }
    catch (error) {
      notices.failed(failureOf(error).message)
      if (failureOf(error).status === 404) void list.reload()
    }
    finally {
      busy.value = busy.value.filter(id => id !== pair.id)
    }
  }

  async function restore(pair: FaqNegative) {
    try {
      await api.post('/admin/faqs/negatives', { faq_id: pair.faq_id, question: pair.question })
      await list.reload()
    }
    catch (error) {
      notices.failed(failureOf(error).message)
    }
  }

  return { busy, remove }
})
