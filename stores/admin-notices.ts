import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface AdminNotice {
  id: number
  text: string
  kind: 'done' | 'failed'
  action?: { label: string, run: () => void }
}

/** The short messages that appear at the edge of the page and are read out. */
export const useAdminNotices = defineStore('admin-notices', () => {
  const notices = ref<AdminNotice[]>([])
  let made = 0

  function add(kind: AdminNotice['kind'], text: string, action?: AdminNotice['action']) {
    notices.value.push({ id: ++made, text, kind, action })
  }

  const done = (text: string, action?: AdminNotice['action']) => add('done', text, action)
  const failed = (text: string, action?: AdminNotice['action']) => add('failed', text, action)
  function remove(id: number) {
    notices.value = notices.value.filter(notice => notice.id !== id)
  }

  return { notices, done, failed, remove }
})
