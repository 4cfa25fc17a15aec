import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import type { SimilarFaq, SimilarResult } from '#shared/contracts/replay'
import type { DraftFaq, PreviewResult, WouldAnswer } from '#shared/contracts/unanswered'

/** While somebody writes: a look once they pause. */
const PAUSE_MS = 600
const MAX_QUESTION = 300

/** What a FAQ would mean as it is drafted: others that answer the same, and waiting questions it would take care of. */
export const useAdminFaqChecks = defineStore('admin-faq-checks', () => {
  const api = useApi()
  const similar = shallowRef<SimilarFaq[]>([])
  const waiting = shallowRef<WouldAnswer[]>([])
  /** How many waiting questions there are to look at; null: not looked yet. */
  const lookedAt = ref<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  function reset() {
    clearTimeout(timer)
    turn++
    similar.value = []
    waiting.value = []
    lookedAt.value = null
  }

  function checkSoon(draft: DraftFaq) {
    clearTimeout(timer)
    timer = setTimeout(() => void check(draft), PAUSE_MS)
  }

  /** Hints only: one that cannot be had leaves the form as it is. */
  async function check(draft: DraftFaq) {
    const mine = ++turn
    const fits = (text: string) => Boolean(text.trim()) && [...text].length <= MAX_QUESTION
    if (!fits(draft.question)) return reset()
    const faq = { ...draft, phrasings: draft.phrasings?.filter(fits) ?? [] }
    try {
      const [found, preview] = await Promise.all([
        api.post<SimilarResult>('/admin/faqs/similar', { id: faq.id, question: faq.question, phrasings: faq.phrasings }),
        api.post<PreviewResult>('/admin/unanswered/preview', { faq }),
      ])
      if (mine !== turn) return
      similar.value = found.items
      waiting.value = preview.items
      lookedAt.value = preview.looked_at
    }
    catch (error) {
      failureOf(error)
    }
  }

  return { similar, waiting, lookedAt, checkSoon, check, reset }
})
