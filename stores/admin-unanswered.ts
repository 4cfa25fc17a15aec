import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminNotices } from '~/stores/admin-notices'
import { defineRecordStore } from '~/stores/admin-records'
import { useAdminWaiting } from '~/stores/admin-waiting'
import type { Resolve, ResolveResult, UnansweredDetail, UnansweredGroup } from '#shared/contracts/unanswered'

export const useAdminUnanswered = defineRecordStore<UnansweredGroup>('admin-unanswered', '/admin/unanswered')

const count = (n: number, one: string, many: string) => (n === 1 ? one : many.replace('#', String(n)))

/** What is done with groups of unanswered questions. */
export const useAdminUnansweredWork = defineStore('admin-unanswered-work', () => {
  const api = useApi()
  const list = useAdminUnanswered()
  const notices = useAdminNotices()
  const waiting = useAdminWaiting()
  /** The groups with a change under way. */
  const busy = ref<string[]>([])

  async function change(group: UnansweredGroup, run: () => Promise<void>): Promise<boolean> {
    if (busy.value.includes(group.id)) return false
    busy.value.push(group.id)
    try {
      await run()
      void waiting.look()
      return true
    }
    catch (error) {
      const { status, message } = failureOf(error)
      notices.failed(message)
      if (status === 409 || status === 404) void list.reload()
      return false
    }
    finally {
      busy.value = busy.value.filter(id => id !== group.id)
    }
  }

  const drop = (ids: string[]) => list.items = list.items.filter(item => !ids.includes(item.id))
  const resolve = (group: UnansweredGroup, wish: Resolve) => api.post<ResolveResult>(`/admin/unanswered/${group.id}/resolve`, { ...wish, version: group.version })

  const dismiss = (group: UnansweredGroup) => change(group, async () => {
    await resolve(group, { action: 'dismiss' })
    drop([group.id])
    notices.done(`“${group.question}” is dismissed. It comes back when it is asked again.`, { label: 'Undo', run: () => void reopen(group) })
  })

  /** Takes it back to the list of those that wait. */
  const reopen = (group: UnansweredGroup) => change(group, async () => {
    await api.post(`/admin/unanswered/${group.id}/reopen`)
    await list.reload()
    notices.done(`“${group.question}” waits again.`)
  })

  const addPhrasing = (group: UnansweredGroup, faq: { id: string, question: string }, phrasing: string) => change(group, async () => {
    const { now_answers: others } = await resolve(group, { action: 'phrasing', faq_id: faq.id, phrasing })
    drop([group.id])
    const answered = others.filter(other => other.decision === 'answer').length
    notices.done(`Added to “${faq.question}”.${answered ? ` It answers ${count(answered, 'another waiting question', '# other waiting questions')} as well.` : ''}`, { label: 'Undo for the list', run: () => void reopen(group) })
  })

  return { busy, dismiss, reopen, addPhrasing }
})

/** The single questions of groups, by group. */
export const useAdminUnansweredDetail = defineStore('admin-unanswered-detail', () => {
  const api = useApi()
  const details = ref<Record<string, UnansweredDetail | 'failed' | undefined>>({})

  async function load(id: string) {
    if (details.value[id] === 'failed') details.value[id] = undefined
    try {
      details.value[id] = await api.get<UnansweredDetail>(`/admin/unanswered/${id}`)
    }
    catch (error) {
      failureOf(error)
      details.value[id] = 'failed'
    }
  }

  return { details, load }
})
