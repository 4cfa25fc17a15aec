import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { uploadFile } from '~/composables/admin-upload'
import type { ImportReport } from '#shared/contracts/admin-faqs'

/** A file of FAQs on its way in: chosen, checked by the server, imported. */
export const useAdminFaqImport = defineStore('admin-faq-import', () => {
  const file = ref<{ name: string, text: string, type: string } | null>(null)
  const state = ref<'choose' | 'checking' | 'checked' | 'importing' | 'done'>('choose')
  const report = ref<ImportReport | null>(null)
  const failure = ref<AdminFailure | null>(null)
  /** Counts the files: an answer about one that was put away is dropped. */
  let turn = 0
  const changes = computed(() => (report.value ? report.value.created + report.value.updated : 0))

  const send = (query: Record<string, string | number | boolean>) => uploadFile<ImportReport>('/admin/faqs/import', file.value!, query)

  async function check(chosen: File) {
    const mine = ++turn
    failure.value = null
    report.value = null
    state.value = 'checking'
    const isJson = chosen.name.toLowerCase().endsWith('.json') || chosen.type === 'application/json'
    const text = await chosen.text().catch(() => null)
    if (mine !== turn) return
    if (text === null) {
      failure.value = { status: 0, message: `${chosen.name} cannot be read: it may have been moved or changed. Choose it again.`, requestId: null, fields: {} }
      state.value = 'choose'
      return
    }
    try {
      file.value = { name: chosen.name, text, type: isJson ? 'application/json' : 'text/csv' }
      const checked = await send({ dry_run: true })
      if (mine !== turn) return
      report.value = checked
      state.value = 'checked'
    }
    catch (error) {
      if (mine !== turn) return
      failure.value = failureOf(error)
      state.value = 'choose'
    }
  }

  /** What was checked, if nothing has changed since. */
  async function run() {
    if (state.value !== 'checked' || !report.value) return
    const mine = turn
    state.value = 'importing'
    failure.value = null
    try {
      const imported = await send({ dry_run: false, revision: report.value.revision })
      if (mine !== turn) return
      report.value = imported
      state.value = 'done'
    }
    catch (error) {
      if (mine !== turn) return
      failure.value = failureOf(error)
      state.value = 'checked'
    }
  }

  /** After a conflict: the same file against what is there now. */
  async function checkAgain() {
    if (file.value) await check(new File([file.value.text], file.value.name, { type: file.value.type }))
  }

  function reset() {
    turn++
    file.value = null
    report.value = null
    failure.value = null
    state.value = 'choose'
  }

  return { file, state, report, failure, changes, check, checkAgain, run, reset }
})
