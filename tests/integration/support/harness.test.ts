import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type ApiHarness } from '../../support/api'
import { routeOf } from '../../../scripts/build/api-routes'

let api: ApiHarness
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

describe('the API harness', () => {
  it('reads routes from file names as Nitro does', () => {
    expect(['chatbot/faqs.ts', 'admin/faqs/index.ts', 'admin/faqs/[id].ts', '[...].ts', '[...path].ts'].map(routeOf))
      .toEqual(['/api/chatbot/faqs', '/api/admin/faqs', '/api/admin/faqs/:id', '/api/**', '/api/**:path'])
  })

  it('answers a visitor, a customer and an admin each as who they are', async () => {
    expect((await api.visitor().get('/api/chatbot/config')).status).toBe(401)
    const anna = await api.customer('Anna')
    expect((await anna.get('/api/auth/session')).body).toMatchObject({ user: { id: anna.user.id, name: 'Anna', role: 'customer' } })
    const admin = await api.admin()
    expect((await admin.get('/api/admin/config')).status).toBe(200)
    expect((await anna.get('/api/admin/config')).status).toBe(403)
  })

  it('keeps the cookie that signing in sets and drops the one that signing out ends', async () => {
    const visitor = api.visitor()
    const account = { email: 'new@example.com', password: 'cypress-island-violin', name: 'New' }
    expect((await visitor.post('/api/auth/register', account)).status).toBe(201)
    expect((await visitor.post('/api/auth/login', account)).status).toBe(200)
    // The other one tells a device that has signed in before (docs/sign-in.md).
    expect([...visitor.cookies.keys()]).toEqual(['vb_session', 'vb_device'])
    await visitor.post('/api/auth/logout')
    expect([...visitor.cookies.keys()]).toEqual(['vb_device'])
  })

  it('starts anew after a reset', async () => {
    const anna = await api.customer()
    await api.reset()
    expect((await anna.get('/api/chatbot/config')).status).toBe(401)
    const again = await api.customer()
    expect((await again.get('/api/chatbot/faqs')).body).toEqual(expect.arrayContaining([expect.objectContaining({ order: 1 })]))
  })
})
