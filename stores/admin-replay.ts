import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { ReplayChange, ReplayPart, ReplayRequest } from '#shared/contracts/replay'

/** A replay of real questions: part by part, so that it can tell how far it is, and stop. */
export const useAdminReplay = defineStore('admin-replay', () => {
  const api = useApi()
  const state = ref<'idle' | 'running' | 'done' | 'stopped' | 'failed'>('idle')
  const failure = ref<AdminFailure | null>(null)
  const changes = shallowRef<ReplayChange[]>([])
  const progress = ref({ done: 0, limit: 0, answeredByDraft: 0 })
  const baseline = ref<ReplayPart['baseline']>('now')
  let asking: AbortController | null = null

  function reset() {
    asking?.abort()
    asking = null
    state.value = 'idle'
    failure.value = null
    changes.value = []
    progress.value = { done: 0, limit: 0, answeredByDraft: 0 }
  }

  async function run(request: ReplayRequest) {
    reset()
    const { signal } = asking = new AbortController()
    state.value = 'running'
    progress.value.limit = request.limit ?? 0
    try {
      for (let cursor: string | null | undefined; cursor !== null;) {
        const part: ReplayPart = await api.post<ReplayPart>('/admin/faqs/replay', { ...request, cursor }, { signal })
        if (signal.aborted) return
        changes.value = [...changes.value, ...part.changes]
        progress.value = { done: part.done, limit: part.limit, answeredByDraft: progress.value.answeredByDraft + part.answered_by_draft }
        baseline.value = part.baseline
        cursor = part.next_cursor
      }
      state.value = 'done'
    }
    catch (error) {
      if (signal.aborted) return
      failure.value = failureOf(error)
      state.value = 'failed'
    }
  }

  function stop() {
    asking?.abort()
    state.value = 'stopped'
  }

  return { state, failure, changes, progress, baseline, run, stop, reset }
})
