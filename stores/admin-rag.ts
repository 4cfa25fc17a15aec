import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminSettings } from '~/stores/admin-settings'
import type { AdminDelivery, Page, RagStatus, RagTestResult, TestConfig } from '#shared/contracts/admin'

/** How the RAG service does, a question asked for a try, and the ratings it has not been told of. */
export const useAdminRag = defineStore('admin-rag', () => {
  const api = useApi()
  const notices = useAdminNotices()
  const settings = useAdminSettings()
  const status = ref<RagStatus | null>(null)
  const statusFailure = ref<AdminFailure | null>(null)
  const givenUp = shallowRef<AdminDelivery[]>([])
  const nextCursor = ref<string | null>(null)
  const retrying = ref<string[]>([])
  const isTesting = ref(false)
  const result = ref<RagTestResult | null>(null)
  const testFailure = ref<AdminFailure | null>(null)

  async function loadStatus() {
    try {
      status.value = await api.get<RagStatus>('/admin/rag/status')
      statusFailure.value = null
    }
    catch (error) {
      statusFailure.value = failureOf(error)
    }
  }

  const outbox = (cursor?: string) => api.get<Page<AdminDelivery>>('/admin/outbox', { query: { status: 'given_up', limit: '20', cursor } })

  /** The ratings that were given up, the newest first; with `more`, those that follow. */
  async function loadGivenUp(more = false) {
    try {
      const page = await outbox(more ? nextCursor.value ?? undefined : undefined)
      givenUp.value = more ? [...givenUp.value, ...page.items] : page.items
      nextCursor.value = page.next_cursor
    }
    catch (error) {
      notices.failed(failureOf(error).message)
    }
  }

  async function load() {
    await Promise.all([loadStatus(), loadGivenUp()])
  }

  async function retry(delivery: AdminDelivery) {
    if (retrying.value.includes(delivery.id)) return
    retrying.value = [...retrying.value, delivery.id]
    try {
      await api.post(`/admin/outbox/${delivery.id}/retry`, {})
      givenUp.value = givenUp.value.filter(({ id }) => id !== delivery.id)
      notices.done('The rating is on its way again.')
      await loadStatus()
    }
    catch (error) {
      notices.failed(failureOf(error).message)
    }
    finally {
      retrying.value = retrying.value.filter(id => id !== delivery.id)
    }
  }

  /** Asks the service once with what the form holds, saved or not. */
  async function test(question: string) {
    if (isTesting.value) return
    isTesting.value = true
    testFailure.value = null
    const { rag_api_url, rag_api_format, rag_model, rag_system_prompt, rag_timeout_ms } = settings.draft
    try {
      const body = { question: question.trim() || undefined, rag_api_url, rag_api_format, rag_model, rag_system_prompt, rag_timeout_ms, rag_api_key: settings.keyToSend() } as TestConfig
      result.value = await api.post<RagTestResult>('/admin/config/test', body)
    }
    catch (error) {
      result.value = null
      testFailure.value = failureOf(error)
    }
    finally {
      isTesting.value = false
    }
  }

  return { status, statusFailure, givenUp, nextCursor, retrying, isTesting, result, testFailure, load, loadStatus, loadGivenUp, retry, test }
})
