import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD, startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let ada: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
beforeEach(async () => {
  await api.reset()
  ada = await api.admin('Ada')
})
afterAll(() => api.close())

const find = async (id: string, by = ada) => (await by.get('/api/admin/users?limit=100')).body.items.find((user: { id: string }) => user.id === id)
const edit = async (who: SignedInClient, change: object, by = ada) => {
  const { version } = await find(who.user.id, by)
  return by.patch(`/api/admin/users/${who.user.id}`, { version, ...change })
}

describe('the list of people', () => {
  it('comes newest first, a page at a time, without passwords', async () => {
    const anna = await api.customer('Anna Παπαδοπούλου')
    await anna.post('/api/chatbot/messages', { message_text: 'Can we visit a venue before we decide?' })
    const all = await ada.get('/api/admin/users')
    expect(all.body.items.map((user: { name: string }) => user.name)).toEqual(['Anna Παπαδοπούλου', 'Ada'])
    expect(all.body.items[0]).toMatchObject({ id: anna.user.id, email: anna.user.email, role: 'customer', disabled: false, disabled_at: null, conversation_count: 1, version: 1 })
    expect(all.body.items[0].last_seen_at).toMatch(/^\d{4}-.*Z$/)
    expect(all.text).not.toMatch(/password|scrypt/i)
    const first = (await ada.get('/api/admin/users?limit=1')).body
    expect((await ada.get(`/api/admin/users?limit=1&cursor=${first.next_cursor}`)).body).toMatchObject({ items: [{ name: 'Ada' }], next_cursor: null })
  })

  it('is searched by words of name and address, and filtered', async () => {
    const anna = await api.customer('Anna Παπαδοπούλου')
    const ben = await api.customer('Ben Café')
    await edit(ben, { disabled: true })
    const names = async (query: string) => (await ada.get(`/api/admin/users?${query}`)).body.items.map((user: { name: string }) => user.name)
    expect(await names(`q=${encodeURIComponent('παπαδοπουλ')}`)).toEqual([anna.user.name])
    expect(await names(`q=${encodeURIComponent('ΠΑΠΑΔΟΠΟΎΛΟΥ anna')}`)).toEqual([anna.user.name])
    expect(await names('q=cafe')).toEqual([ben.user.name])
    expect(await names(`q=${encodeURIComponent(anna.user.email)}`)).toEqual([anna.user.name])
    expect(await names('q=nobody')).toEqual([])
    expect(await names('q=%25%27)')).toEqual([])
    expect(await names('role=admin')).toEqual(['Ada'])
    expect(await names('status=disabled')).toEqual([ben.user.name])
    expect(await names('status=active&role=customer')).toEqual([anna.user.name])
    for (const wrong of ['role=owner', 'status=gone', 'cursor=x', 'limit=0']) expect((await ada.get(`/api/admin/users?${wrong}`)).body.code).toBe('VALIDATION_ERROR')
  })
})

describe('a change of role or access', () => {
  it('ends the sessions of whoever is disabled at once, and enabling lets them sign in again', async () => {
    const anna = await api.customer()
    const disabled = await edit(anna, { disabled: true })
    expect(disabled).toMatchObject({ status: 200, body: { disabled: true, version: 2, last_seen_at: null } })
    expect((await anna.get('/api/chatbot/conversations')).status).toBe(401)
    const signIn = () => api.visitor().post('/api/auth/login', { email: anna.user.email, password: PASSWORD })
    expect((await signIn()).status).toBe(401)
    expect((await edit(anna, { disabled: false })).body).toMatchObject({ disabled: false, disabled_at: null, version: 3 })
    expect((await anna.get('/api/chatbot/conversations')).status).toBe(401)
    expect((await signIn()).status).toBe(200)
  })

  it('makes an admin, and signs out one who is none any more', async () => {
    const ben = await api.customer('Ben')
    expect((await edit(ben, { role: 'admin' })).body.role).toBe('admin')
    expect((await ben.get('/api/admin/faqs')).status).toBe(200)
    expect((await edit(ben, { role: 'customer' })).body.role).toBe('customer')
    expect((await ben.get('/api/admin/faqs')).status).toBe(401)
  })

  it('is written to the audit log with before and after', async () => {
    const ben = await api.customer('Ben')
    await edit(ben, { role: 'admin' })
    const { items } = (await ada.get('/api/admin/audit?entity=user')).body
    expect(items).toMatchObject([{
      actor: { id: ada.user.id }, action: 'update', entity_id: ben.user.id,
      before: { email: ben.user.email, role: 'customer', disabled: false }, after: { role: 'admin' },
    }])
    expect(JSON.stringify(items)).not.toMatch(/password/i)
    // The same again changes nothing and says so to nobody.
    expect((await edit(ben, { role: 'admin' })).body.version).toBe(2)
    expect((await ada.get('/api/admin/audit?entity=user')).body.items).toHaveLength(1)
  })

  it('of a version that has moved on is refused with the account as it is now', async () => {
    const ben = await api.customer('Ben')
    await edit(ben, { role: 'admin' })
    const late = await ada.patch(`/api/admin/users/${ben.user.id}`, { version: 1, disabled: true })
    expect(late).toMatchObject({ status: 409, body: { code: 'CONFLICT', current: { id: ben.user.id, role: 'admin', disabled: false, version: 2 } } })
    expect((await ben.get('/api/admin/faqs')).status).toBe(200)
  })

  it('refuses what makes no sense', async () => {
    const { id } = (await api.customer()).user
    for (const body of [{}, { version: '1' }, { version: 1, role: 'owner' }, { version: 1, disabled: 'yes' }]) {
      expect((await ada.patch(`/api/admin/users/${id}`, body)).body.code).toBe('VALIDATION_ERROR')
    }
    expect((await ada.patch('/api/admin/users/01920000-0000-7000-8000-000000000000', { version: 1 })).status).toBe(404)
    expect((await ada.patch('/api/admin/users/x', { version: 1 })).status).toBe(404)
    expect((await ada.delete(`/api/admin/users/${id}`)).status).toBe(405)
  })
})

describe('the last admin who can sign in', () => {
  it('can neither be demoted nor disabled, whoever else is a disabled admin', async () => {
    const ben = await api.admin('Ben')
    await edit(ben, { disabled: true })
    for (const change of [{ role: 'customer' }, { disabled: true }]) {
      expect(await edit(ada, change)).toMatchObject({ status: 409, body: { code: 'CONFLICT', error: expect.stringContaining('last admin'), current: { id: ada.user.id, role: 'admin' } } })
    }
    expect((await ada.get('/api/admin/users')).status).toBe(200)
  })

  it('may go once there is another', async () => {
    const ben = await api.admin('Ben')
    expect((await edit(ada, { role: 'customer' })).status).toBe(200)
    expect((await ben.get('/api/admin/users?role=admin')).body.items).toHaveLength(1)
  })

  it.each([{ role: 'customer' }, { disabled: true }])('is left when two admins change each other at the same moment: %j', async (change) => {
    for (let round = 0; round < 5; round++) {
      await api.reset()
      const [cleo, dion] = [await api.admin('Cleo'), await api.admin('Dion')]
      const answers = await Promise.all([
        cleo.patch(`/api/admin/users/${dion.user.id}`, { version: 1, ...change }),
        dion.patch(`/api/admin/users/${cleo.user.id}`, { version: 1, ...change }),
        cleo.patch(`/api/admin/users/${cleo.user.id}`, { version: 1, ...change }),
        dion.patch(`/api/admin/users/${dion.user.id}`, { version: 1, ...change }),
      ])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      // Signed out, an admin no more, or the last one: what the others hear depends on who was first, never success.
      for (const { status } of answers) expect([200, 401, 403, 409]).toContain(status)
      const left = (await Promise.all([cleo, dion].map(admin => admin.get('/api/admin/users?role=admin&status=active')))).find(({ status }) => status === 200)!
      expect(left.body.items).toHaveLength(1)
    }
  })
})
