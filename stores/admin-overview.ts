import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { Analytics } from '#shared/contracts/admin-analytics'

/** The figures of the period that is shown. */
export const useAdminOverview = defineStore('admin-overview', () => {
  const api = useApi()
  const report = shallowRef<Analytics | null>(null)
  const failure = ref<AdminFailure | null>(null)
  const isLoading = ref(false)
  let turn = 0

  /** What is shown stays until the new figures are there; an answer that a later call has overtaken is dropped. */
  async function load(period: { from: string, to: string }) {
    const mine = ++turn
    isLoading.value = true
    try {
      const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone
      const answer = await api.get<Analytics>('/admin/analytics', { query: { ...period, time_zone } })
      if (mine !== turn) return
      report.value = answer
      failure.value = null
    }
    catch (error) {
      if (mine === turn) failure.value = failureOf(error)
    }
    finally {
      if (mine === turn) isLoading.value = false
    }
  }

  return { report, failure, isLoading, load }
})
