import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

it.each([
  '/api/admin/conversations?status=&q=&customer=&source=&feedback=&from=&to=', '/api/admin/feedback?value=&from=&to=', '/api/admin/audit?entity=&actor=&from=&to=',
  '/api/admin/users?q=&role=&status=', '/api/admin/analytics?from=&to=&time_zone=',
])('%s: a filter left empty is none', async (path) => {
  expect((await (await api.admin()).get(path)).status).toBe(200)
})
