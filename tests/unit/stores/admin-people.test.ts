import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminPeople } from '~/stores/admin-people'
import { useAdminUsers } from '~/stores/admin-records'
import type { AdminUser } from '#shared/contracts/admin-people'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const user = (more: Partial<AdminUser> = {}): AdminUser => ({
  id: 'ben', email: 'ben@example.com', name: 'Ben', role: 'customer', disabled: false, disabled_at: null, created_at: '2026-11-22T10:00:00.000Z', last_seen_at: null, conversation_count: 0, version: 1, ...more,
})

async function listed(one: AdminUser) {
  const loading = useAdminUsers().load({})
  ;(await request(0)).answer(200, { items: [one], next_cursor: null })
  await loading
  return { people: useAdminPeople(), shown: () => useAdminUsers().items[0], notices: useAdminNotices() }
}

describe('a change of an account', () => {
  it('sends the version seen, shows what came of it, and can be undone', async () => {
    const { people, shown, notices } = await listed(user())
    const changing = people.change(user(), { disabled: true })
    expect(people.busy).toEqual(['ben'])
    const sent = await request(1)
    expect([sent.method, sent.path, sent.body]).toEqual(['PATCH', '/api/admin/users/ben', { disabled: true, version: 1 }])
    sent.answer(200, user({ disabled: true, version: 2 }))
    expect(await changing).toMatchObject({ disabled: true })
    expect([shown()?.disabled, people.busy, notices.notices[0]?.text]).toEqual([true, [], 'Ben is disabled and signed out everywhere.'])

    notices.notices[0]!.action!.run()
    const undo = await request(2)
    expect(undo.body).toEqual({ disabled: false, version: 2 })
    undo.answer(200, user({ version: 3 }))
    await expect.poll(() => shown()?.version).toBe(3)
    expect(notices.notices.at(-1)).toMatchObject({ text: 'Ben can sign in again.', action: undefined })
  })

  it('of the role is undone to the role before', async () => {
    const { people, notices } = await listed(user())
    const changing = people.change(user(), { role: 'admin' })
    ;(await request(1)).answer(200, user({ role: 'admin', version: 2 }))
    await changing
    expect(notices.notices[0]!.text).toBe('Ben is an admin now.')
    notices.notices[0]!.action!.run()
    expect((await request(2)).body).toEqual({ role: 'customer', version: 2 })
  })

  it('that is refused shows the account as it is now, and why', async () => {
    const { people, shown, notices } = await listed(user({ role: 'admin' }))
    const changing = people.change(user({ role: 'admin' }), { role: 'customer' })
    ;(await request(1)).answer(409, { ...refusal('CONFLICT', { error: 'This is the last admin who can sign in: make somebody else an admin first.' }), current: user({ role: 'admin', version: 4 }) })
    expect(await changing).toBeNull()
    expect(shown()?.version).toBe(4)
    expect(notices.notices).toMatchObject([{ kind: 'failed', text: 'This is the last admin who can sign in: make somebody else an admin first.' }])
  })

  it('is sent once while it is under way', async () => {
    const { people } = await listed(user())
    const first = people.change(user(), { disabled: true })
    expect(await people.change(user(), { disabled: true })).toBeNull()
    expect(requests).toHaveLength(2)
    requests[1]!.answer(200, user({ disabled: true, version: 2 }))
    await first
  })
})
