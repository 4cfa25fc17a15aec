import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import type { Page } from '#shared/contracts/admin'
import type { AdminUser } from '#shared/contracts/admin-people'
import type { AdminConversation, AdminFeedback, AuditEntry } from '#shared/contracts/admin-records'

type Query = Record<string, string | undefined>

/** A list that is filtered, in the server's order, and grown a page at a time. */
export function defineRecordStore<Item extends { id: string }>(name: string, path: string) {
  return defineStore(name, () => {
    const api = useApi()
    const notices = useAdminNotices()
    const items = shallowRef<Item[]>([])
    const nextCursor = ref<string | null>(null)
    const state = ref<'loading' | 'ready' | 'failed'>('loading')
    const failure = ref<AdminFailure | null>(null)
    const isGrowing = ref(false)
    let query: Query = {}
    let turn = 0

    /** An answer that a later call has overtaken is dropped. */
    async function load(wanted: Query) {
      const mine = ++turn
      if (JSON.stringify(wanted) !== JSON.stringify(query) || state.value !== 'ready') state.value = 'loading'
      query = wanted
      try {
        const page = await api.get<Page<Item>>(path, { query })
        if (mine !== turn) return
        items.value = page.items
        nextCursor.value = page.next_cursor
        failure.value = null
        state.value = 'ready'
      }
      catch (error) {
        if (mine !== turn) return
        failure.value = failureOf(error)
        state.value = 'failed'
      }
    }

    async function loadMore() {
      if (!nextCursor.value || isGrowing.value) return
      const mine = turn
      isGrowing.value = true
      try {
        const page = await api.get<Page<Item>>(path, { query: { ...query, cursor: nextCursor.value } })
        if (mine !== turn) return
        // What was written to meanwhile has moved up and may come a second time.
        const known = new Set(items.value.map(item => item.id))
        items.value = [...items.value, ...page.items.filter(item => !known.has(item.id))]
        nextCursor.value = page.next_cursor
      }
      catch (error) {
        notices.failed(failureOf(error).message)
      }
      finally {
        isGrowing.value = false
      }
    }

    const reload = () => load(query)
    /** An item as it is now. */
    const put = (item: Item) => items.value = items.value.map(known => (known.id === item.id ? item : known))
    return { items, nextCursor, state, failure, isGrowing, load, loadMore, reload, put }
  })
}

export const useAdminConversations = defineRecordStore<AdminConversation>('admin-conversations', '/admin/conversations')
export const useAdminFeedback = defineRecordStore<AdminFeedback>('admin-feedback', '/admin/feedback')
export const useAdminAudit = defineRecordStore<AuditEntry>('admin-audit', '/admin/audit')
export const useAdminUsers = defineRecordStore<AdminUser>('admin-users', '/admin/users')
