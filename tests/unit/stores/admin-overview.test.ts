import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminOverview } from '~/stores/admin-overview'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const march = { from: '2026-03-01', to: '2026-03-31' }

it('asks for the period in the reader’s own time zone', async () => {
  const store = useAdminOverview()
  const loading = store.load(march)
  const { path, query } = await request(0)
  expect([path, query]).toEqual(['/api/admin/analytics', { ...march, time_zone: 'UTC' }])
  expect(store.isLoading).toBe(true)
  requests[0]!.answer(200, { from: march.from })
  await loading
  expect([store.report?.from, store.isLoading, store.failure]).toEqual([march.from, false, null])
})

it('drops an answer that a later call has overtaken', async () => {
  const store = useAdminOverview()
  const overtaken = store.load({ from: '2026-01-01', to: '2026-01-31' })
  const last = store.load(march)
  ;(await request(1)).answer(200, { from: march.from })
  await last
  requests[0]!.answer(200, { from: '2026-01-01' })
  await overtaken
  expect(store.report?.from).toBe(march.from)
})

it('tells why there are no figures, and shows them after another try', async () => {
  const store = useAdminOverview()
  const loading = store.load(march)
  ;(await request(0)).answer(503, refusal('UNAVAILABLE'))
  await loading
  expect([store.failure?.status, store.isLoading]).toEqual([503, false])
  const again = store.load(march)
  ;(await request(1)).answer(200, { from: march.from })
  await again
  expect([store.failure, store.report?.from]).toEqual([null, march.from])
})
