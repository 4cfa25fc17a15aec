import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { RetentionPreview } from '#shared/contracts/admin'

/** What a retention of so many days would delete, before it is saved. */
export const useAdminRetention = defineStore('admin-retention', () => {
  const api = useApi()
  const preview = ref<RetentionPreview | null>(null)
  const failure = ref<AdminFailure | null>(null)
  const isCounting = ref(false)

  async function count(days: number | '') {
    if (isCounting.value) return
    isCounting.value = true
    failure.value = null
    try {
      preview.value = await api.get<RetentionPreview>('/admin/retention/preview', { query: { days } })
    }
    catch (error) {
      preview.value = null
      failure.value = failureOf(error)
    }
    finally {
      isCounting.value = false
    }
  }

  /** For a number that has changed since. */
  function forget() {
    preview.value = null
    failure.value = null
  }

  return { preview, failure, isCounting, count, forget }
})
