import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiRoute } from '#server/utils/api-route'
import { routes, startApi, type ApiHarness } from '../../support/api'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const adminRoutes = routes.filter(({ route }) => route.startsWith('/api/admin/'))

it('has admin routes to walk', () => {
  expect(adminRoutes.length).toBeGreaterThan(2)
})

it.each(adminRoutes)('$route refuses visitors with 401 and customers with 403, in every method', async ({ route, load }) => {
  const { methods } = (await load()).default as ApiRoute
  const path = route.replace(/:\w+/g, () => randomUUID())
  const customer = await api.customer()
  const visitor = api.visitor()
  expect(Object.keys(methods)).not.toEqual([])
  for (const [method, { access }] of Object.entries(methods)) {
    expect(access).toBe('admin')
    const body = method === 'GET' ? undefined : {}
    const stranger = await visitor.request(method, path, { body })
    expect([method, stranger.status, stranger.body.code]).toEqual([method, 401, 'NOT_AUTHENTICATED'])
    const refused = await customer.request(method, path, { body })
    expect([method, refused.status, refused.body.code]).toEqual([method, 403, 'NOT_AUTHORIZED'])
  }
})

it.each([
  '/api/admin/conversations?status=&q=&customer=&source=&feedback=&from=&to=', '/api/admin/feedback?value=&from=&to=', '/api/admin/audit?entity=&actor=&from=&to=',
  '/api/admin/users?q=&role=&status=', '/api/admin/analytics?from=&to=&time_zone=',
])('%s: a filter left empty is none', async (path) => {
  expect((await (await api.admin()).get(path)).status).toBe(200)
})
