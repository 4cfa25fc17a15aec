import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import type { AdminFaq, CreateFaq, FaqPage, UpdateFaq } from '#shared/contracts/admin'

export interface FaqFilters { q: string, active: '' | 'true' | 'false' }

const PAGE = 50

/** The list of FAQs as it is on the page: filtered, in the customers' order, grown a page at a time. */
export const useAdminFaqs = defineStore('admin-faqs', () => {
  const api = useApi()
  const notices = useAdminNotices()
  const items = ref<AdminFaq[]>([])
  const total = ref(0)
  const nextCursor = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const isGrowing = ref(false)
  const failure = ref<AdminFailure | null>(null)
  /** The FAQs with a change under way. */
  const busy = ref<string[]>([])
  let filters: FaqFilters = { q: '', active: '' }
  let turn = 0

  /** Shows what fits the filters; an answer that a later call has overtaken is dropped. */
  async function load(wanted: FaqFilters) {
    const mine = ++turn
    // Coming back to the same list shows it at once and brings it up to date underneath.
    if (state.value !== 'ready' || wanted.q !== filters.q || wanted.active !== filters.active) state.value = 'loading'
    filters = { ...wanted }
    const limit = state.value === 'ready' ? Math.min(100, Math.max(PAGE, items.value.length)) : PAGE
    try {
      const page = await api.get<FaqPage>('/admin/faqs', { query: { ...filters, limit } })
      if (mine !== turn) return
      items.value = page.items
      nextCursor.value = page.next_cursor
      total.value = page.total
      failure.value = null
      state.value = 'ready'
    }
    catch (error) {
      if (mine !== turn) return
      failure.value = failureOf(error)
      state.value = 'failed'
    }
  }

  const reload = () => load(filters)

  async function loadMore() {
    if (!nextCursor.value || isGrowing.value) return
    const mine = turn
    isGrowing.value = true
    try {
      const page = await api.get<FaqPage>('/admin/faqs', { query: { ...filters, limit: PAGE, cursor: nextCursor.value } })
      if (mine !== turn) return
      const known = new Set(items.value.map(faq => faq.id))
      items.value.push(...page.items.filter(faq => !known.has(faq.id)))
      nextCursor.value = page.next_cursor
      total.value = page.total
    }
    catch (error) {
      notices.failed(failureOf(error).message)
    }
    finally {
      isGrowing.value = false
    }
  }

  const put = (faq: AdminFaq) => items.value = items.value.map(item => item.id === faq.id ? faq : item)

  /** Runs a change of one FAQ; a failure is told, and a FAQ that has moved on is shown as it is now. */
  async function change(faq: AdminFaq, run: () => Promise<void>) {
    if (busy.value.includes(faq.id)) return
    busy.value.push(faq.id)
    try {
      await run()
    }
    catch (error) {
      put(faq)
      const { status, message } = failureOf(error)
      if (error instanceof ApiError && error.current) put(error.current as AdminFaq)
      if (status === 404) drop(faq)
      notices.failed(status === 409 ? `“${faq.question}” was changed by somebody else. You now see theirs; nothing of it was overwritten.` : message)
    }
    finally {
      busy.value = busy.value.filter(id => id !== faq.id)
    }
  }

  function drop(faq: AdminFaq) {
    if (!items.value.some(item => item.id === faq.id)) return
    items.value = items.value.filter(item => item.id !== faq.id)
    total.value--
  }

  const setActive = (faq: AdminFaq, isActive: boolean) => change(faq, async () => {
    put({ ...faq, is_active: isActive })
    const edit: UpdateFaq = { is_active: isActive, version: faq.version }
    put(await api.patch<AdminFaq>(`/admin/faqs/${faq.id}`, edit))
    notices.done(isActive ? `“${faq.question}” is answered from again.` : `“${faq.question}” is off: customers do not see it.`)
  })

  const remove = (faq: AdminFaq) => change(faq, async () => {
    await api.delete(`/admin/faqs/${faq.id}`)
    const at = items.value.findIndex(item => item.id === faq.id)
    drop(faq)
    notices.done(`“${faq.question}” is deleted.`, { label: 'Undo', run: () => void restore(faq, at) })
  })

  /** Makes a deleted FAQ again as it was, where it was. */
  async function restore({ question, answer, phrasings, order, is_active }: AdminFaq, at: number) {
    try {
      const made = await api.post<AdminFaq>('/admin/faqs', { question, answer, phrasings, order, is_active } satisfies CreateFaq)
      items.value.splice(Math.max(at, 0), 0, made)
      total.value++
      notices.done(`“${question}” is back.`)
    }
    catch (error) {
      notices.failed(`“${question}” could not be brought back. ${failureOf(error).message}`)
    }
  }

  return { items, total, nextCursor, state, isGrowing, failure, busy, load, reload, loadMore, setActive, remove }
})
