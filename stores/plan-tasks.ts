import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import { usePlanStore } from './plan'

/** The ticks of the checklist: shown at once, sent one at a time per task, taken back when the server does not have them. */
export const usePlanTasksStore = defineStore('plan-tasks', () => {
  const api = useApi()
  const planStore = usePlanStore()
  const failure = ref<{ key: string, message: string } | null>(null)
  /** Per task: what the customer wants and what the server is known to have. */
  const underWay = new Map<string, { wanted: boolean, stored: boolean }>()

  const isDone = (key: string) => planStore.plan?.done_tasks.includes(key) ?? false

  function show(key: string, done: boolean) {
    const plan = planStore.plan
    if (!plan) return
    const others = plan.done_tasks.filter(one => one !== key)
    plan.done_tasks = done ? [...others, key] : others
  }

  async function setDone(key: string, done: boolean) {
    const running = underWay.get(key)
    const entry = running ?? { wanted: done, stored: isDone(key) }
    entry.wanted = done
    show(key, done)
    if (failure.value?.key === key) failure.value = null
    if (running) return
    underWay.set(key, entry)
    try {
      while (entry.stored !== entry.wanted) {
        const sent = entry.wanted
        await api.put(`/account/plan/tasks/${key}`, { done: sent })
        entry.stored = sent
      }
    }
    catch (error) {
      show(key, entry.stored)
      if (!(error instanceof ApiError) || error.status === 401) throw error
      failure.value = { key, message: error.message }
    }
    finally {
      underWay.delete(key)
    }
  }

  return { failure, isDone, setDone }
})
