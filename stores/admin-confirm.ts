import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface AdminQuestion {
  title: string
  text: string
  /** The word on the button that goes ahead. */
  yes: string
  /** The word on the button that stays; it has the focus. */
  no: string
  danger?: boolean
}

/** One question at a time that the admin has to answer before going on. */
export const useAdminConfirm = defineStore('admin-confirm', () => {
  const question = ref<AdminQuestion | null>(null)
  let settle: ((yes: boolean) => void) | undefined

  /** Resolves with the answer; a question still open counts as refused. */
  function ask(next: AdminQuestion): Promise<boolean> {
    settle?.(false)
    question.value = next
    return new Promise(resolve => settle = resolve)
  }

  function answer(yes: boolean) {
    question.value = null
    settle?.(yes)
    settle = undefined
  }

  return { question, ask, answer }
})
