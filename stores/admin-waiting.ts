import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { WaitingCounts } from '#shared/contracts/unanswered'

/** What waits for the people of the back office, for the navigation. */
export const useAdminWaiting = defineStore('admin-waiting', () => {
  const api = useApi()
  const counts = shallowRef<WaitingCounts>({ unanswered: 0, persons: 0 })

  /** A look that fails leaves the numbers of the one before: the page itself tells of a server that is gone. */
  async function look() {
    try {
      counts.value = await api.get<WaitingCounts>('/admin/waiting')
    }
    catch (error) {
      failureOf(error)
    }
  }

  return { counts, look }
})
