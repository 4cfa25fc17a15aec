import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { useAdminNotices } from '~/stores/admin-notices'

beforeEach(() => setActivePinia(createPinia()))

it('keeps notices in their order, each with an id of its own, until one is removed', () => {
  const store = useAdminNotices()
  const undo = () => {}
  store.done('Saved.')
  store.failed('Not saved.')
  store.done('Deleted.', { label: 'Undo', run: undo })
  expect(store.notices.map(({ kind, text }) => [kind, text])).toEqual([['done', 'Saved.'], ['failed', 'Not saved.'], ['done', 'Deleted.']])
  expect(new Set(store.notices.map(notice => notice.id)).size).toBe(3)
  expect(store.notices[2]!.action).toMatchObject({ label: 'Undo' })
  store.remove(store.notices[1]!.id)
  expect(store.notices.map(notice => notice.text)).toEqual(['Saved.', 'Deleted.'])
  store.remove(-1)
  expect(store.notices).toHaveLength(2)
})
