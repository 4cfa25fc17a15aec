import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { TryResult } from '#shared/contracts/admin-faqs'

const KEPT = 12

/** "Try it": what was asked last, what the bot would do, and what was asked before. */
export const useAdminTry = defineStore('admin-try', () => {
  const api = useApi()
  const asked = ref('')
  const result = ref<TryResult | null>(null)
  const failure = ref<AdminFailure | null>(null)
  const isAsking = ref(false)
  const history = ref<{ question: string, outcome: TryResult['outcome'], score: number | null }[]>([])
  let turn = 0

  async function ask(question: string) {
    const mine = ++turn
    isAsking.value = true
    failure.value = null
    asked.value = question
    try {
      const told = await api.post<TryResult>('/admin/faqs/try', { question })
      if (mine !== turn) return
      result.value = told
      history.value = [{ question, outcome: told.outcome, score: told.score }, ...history.value.filter(entry => entry.question !== question)].slice(0, KEPT)
    }
    catch (error) {
      if (mine !== turn) return
      result.value = null
      failure.value = failureOf(error)
    }
    finally {
      if (mine === turn) isAsking.value = false
    }
  }

  return { asked, result, failure, isAsking, history, ask }
})
