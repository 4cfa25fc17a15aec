import { defineStore } from 'pinia'
import { ref } from 'vue'
import { failureOf } from '~/composables/admin-failure'
import { useApi } from '~/composables/useApi'
import { useAdminFaqs } from '~/stores/admin-faqs'
import { useAdminNotices } from '~/stores/admin-notices'

/** Somebody who presses an arrow key five times means one move. */
const PAUSE_MS = 700

/** Moves FAQs within the list that is shown; what is stored follows. */
export const useAdminFaqOrder = defineStore('admin-faq-order', () => {
  const api = useApi()
  const list = useAdminFaqs()
  const notices = useAdminNotices()
  /** Read out after each step. */
  const announcement = ref('')
  let before: string[] | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> = Promise.resolve()
  const ids = () => list.items.map(faq => faq.id)

  /** One FAQ to another place in sight; `save` or `saveSoon` makes it last. */
  function move(from: number, to: number) {
    const faq = list.items[from]
    if (!faq || to < 0 || to >= list.items.length || from === to) return
    before ??= ids()
    list.items = list.items.toSpliced(from, 1).toSpliced(to, 0, faq)
    announcement.value = `${faq.question} Place ${to + 1} of ${list.items.length}.`
  }

  /** As it was before the moves that are not stored yet. */
  function cancel() {
    if (!before) return
    const place = new Map(before.map((id, index) => [id, index]))
    // What the list has grown by since stays at its end.
    const placeOf = (id: string) => place.get(id) ?? place.size
    list.items = list.items.toSorted((a, b) => placeOf(a.id) - placeOf(b.id))
    before = null
    clearTimeout(timer)
    announcement.value = 'Put back.'
  }

  function saveSoon() {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), PAUSE_MS)
  }

  function save(): Promise<void> {
    clearTimeout(timer)
    const old = before
    const now = ids()
    before = null
    if (!old) return saving
    const first = now.findIndex((id, index) => id !== old[index])
    const last = now.findLastIndex((id, index) => id !== old[index])
    if (first < 0) return saving
    // One after the other: the places of a move count from the one before it.
    saving = saving.then(() => send(now.slice(first, last + 1)))
    return saving
  }

  async function send(moved: string[]) {
    try {
      const { items } = await api.post<{ items: { id: string, order: number }[] }>('/admin/faqs/order', { ids: moved })
      const orders = new Map(items.map(({ id, order }) => [id, order]))
      list.items = list.items.map(faq => (orders.has(faq.id) ? { ...faq, order: orders.get(faq.id)! } : faq))
    }
    catch (error) {
      notices.failed(`The new order is not stored. ${failureOf(error).message}`)
      before = null
      await list.reload()
    }
  }

  return { announcement, move, cancel, save, saveSoon }
})
