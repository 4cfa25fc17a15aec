import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useAccountStore } from '~/stores/account'
import type { AccountProfile, AccountSession } from '#shared/contracts/account'
import { holdRequests, refusal } from '../../support/held-requests'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const session = (id: string, current = false): AccountSession => ({ id, device: { browser: 'Firefox', system: 'Linux', kind: 'computer' }, signed_in_at: '2026-11-01T10:00:00.000Z', last_seen_at: '2026-11-02T10:00:00.000Z', expires_at: '2026-12-01T10:00:00.000Z', current })
const profile: AccountProfile = { name: 'Anna', email: 'anna@example.com', email_verified: false, can_send_links: true, has_password: true, oidc: null }

async function loaded() {
  const store = useAccountStore()
  const loading = store.loadSessions()
  ;(await request(0)).answer(200, { items: [session('a', true), session('b'), session('c')] })
  await loading
  return store
}

describe('the signed-in devices', () => {
  it('are loading, then there', async () => {
    const store = useAccountStore()
    expect(store.sessionsState).toBe('loading')
    const loading = store.loadSessions()
    const asked = await request(0)
    expect([asked.method, asked.path]).toEqual(['GET', '/api/account/sessions'])
    asked.answer(200, { items: [session('a', true)] })
    await loading
    expect([store.sessionsState, store.sessions.length]).toEqual(['ready', 1])
  })

  it('say when they could not be fetched, and can be asked for again', async () => {
    const store = useAccountStore()
    const loading = store.loadSessions()
    ;(await request(0)).cutOff()
    await expect(loading).rejects.toThrow('could not reach')
    expect(store.sessionsState).toBe('failed')
    const again = store.loadSessions()
    ;(await request(1)).answer(200, { items: [] })
    await again
    expect(store.sessionsState).toBe('ready')
  })

  it('lose the one that was ended, and one that was over already', async () => {
    const store = await loaded()
    const ending = store.endSession('b')
    expect(store.ending).toBe('b')
    // A second click meanwhile does nothing.
    await store.endSession('c')
    const asked = await request(1)
    expect([asked.method, asked.path, requests.length]).toEqual(['DELETE', '/api/account/sessions/b', 2])
    asked.answer(204)
    await ending
    const gone = store.endSession('c')
    ;(await request(2)).answer(404, refusal('NOT_FOUND'))
    await gone
    expect([store.sessions.map(item => item.id), store.ending]).toEqual([['a'], null])
  })

  it('keep one that could not be ended', async () => {
    const store = await loaded()
    const ending = store.endSession('b')
    ;(await request(1)).answer(503, refusal('UNAVAILABLE'))
    await expect(ending).rejects.toMatchObject({ status: 503 })
    expect([store.sessions.length, store.ending]).toEqual([3, null])
  })

  it('are ended all at once; an end that has come before is one too', async () => {
    const store = await loaded()
    for (const [index, status] of [[1, 200], [2, 401]] as const) {
      const ending = store.endAllSessions()
      const asked = await request(index)
      expect([asked.method, asked.path]).toEqual(['DELETE', '/api/account/sessions'])
      asked.answer(status, status === 200 ? { ended: 3 } : refusal('NOT_AUTHENTICATED'))
      await ending
    }
    const failing = store.endAllSessions()
    ;(await request(3)).cutOff()
    await expect(failing).rejects.toThrow()
  })
})

describe('the profile', () => {
  it('is loaded, renamed and confirmed', async () => {
    const store = useAccountStore()
    const loading = store.loadProfile()
    ;(await request(0)).answer(200, profile)
    await loading
    expect([store.profileState, store.profile]).toEqual(['ready', profile])
    const renaming = store.rename('Anna Maria')
    const asked = await request(1)
    expect([asked.method, asked.path, asked.body]).toEqual(['PATCH', '/api/account/profile', { name: 'Anna Maria' }])
    asked.answer(200, { ...profile, name: 'Anna Maria' })
    await renaming
    expect(store.profile!.name).toBe('Anna Maria')
    const confirming = store.sendConfirmation()
    expect((await request(2)).path).toBe('/api/account/verify-email')
    requests[2]!.answer(202, { status: 'accepted' })
    await confirming
  })

  it('says when it could not be fetched', async () => {
    const store = useAccountStore()
    const loading = store.loadProfile()
    ;(await request(0)).answer(401, refusal('NOT_AUTHENTICATED'))
    await expect(loading).rejects.toMatchObject({ status: 401 })
    expect(store.profileState).toBe('failed')
  })
})
