import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminRetention } from '~/stores/admin-retention'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))
const counted = { days: 30, before: '2026-10-23T00:00:00.000Z', conversations: 3, messages: 12, oldest: '2026-01-01T00:00:00.000Z' }

it('counts what would go, one count at a time, and forgets it when the number changes', async () => {
  const store = useAdminRetention()
  const counting = store.count(30)
  expect(store.isCounting).toBe(true)
  await store.count(31)
  expect(requests).toHaveLength(1)
  const asked = await request(0)
  expect([asked.method, asked.path]).toEqual(['GET', expect.stringContaining('/api/admin/retention/preview')])
  asked.answer(200, counted)
  await counting
  expect([store.preview, store.isCounting]).toEqual([counted, false])
  store.forget()
  expect([store.preview, store.failure]).toEqual([null, null])
})

it('says why it could not count', async () => {
  const store = useAdminRetention()
  const counting = store.count(0)
  ;(await request(0)).answer(400, refusal('VALIDATION_ERROR'))
  await counting
  expect([store.preview, store.failure?.message]).toEqual([null, expect.any(String)])
})
