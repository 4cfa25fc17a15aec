import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
})

const empty = { wedding_date: null, guests: null, budget_euros: null, version: 0, done_tasks: [] }

describe('/api/account/plan', () => {
  it('starts empty and keeps what is saved, each customer’s apart', async () => {
    expect((await anna.get('/api/account/plan')).body).toEqual(empty)
    const saved = await anna.put('/api/account/plan', { wedding_date: '2027-06-19', guests: 80, budget_euros: 20_000, version: 0 })
    expect(saved.body).toEqual({ wedding_date: '2027-06-19', guests: 80, budget_euros: 20_000, version: 1, done_tasks: [] })
    expect((await anna.get('/api/account/plan')).body).toEqual(saved.body)
    expect((await (await api.customer('Bella')).get('/api/account/plan')).body).toEqual(empty)
  })

  it('refuses to save over what another window has saved, and shows it', async () => {
    const plan = { wedding_date: '2027-06-19', guests: 80, budget_euros: null, version: 0 }
    await anna.put('/api/account/plan', plan)
    for (const version of [0, 7]) {
      const late = await anna.put('/api/account/plan', { ...plan, guests: 90, version })
      expect([late.status, late.body.code, late.body.current.guests]).toEqual([409, 'CONFLICT', 80])
    }
    expect((await anna.put('/api/account/plan', { ...plan, guests: 90, version: 1 })).body).toMatchObject({ guests: 90, version: 2 })
  })

  it.each([
    ['wedding_date', '2027-02-30'], ['wedding_date', 'next summer'], ['wedding_date', '1899-01-01'], ['guests', -1], ['guests', 1.5], ['guests', 5001], ['guests', '80'], ['budget_euros', -5],
  ])('refuses %s = %s', async (field, value) => {
    const refused = await anna.put('/api/account/plan', { wedding_date: null, guests: null, budget_euros: null, version: 0, [field]: value })
    expect([refused.status, refused.body.details?.[0].path]).toEqual([400, field])
  })

  it('ticks and unticks a task of the checklist', async () => {
    const tick = (done: boolean) => anna.put('/api/account/plan/tasks/choose-venue', { done })
    expect((await tick(true)).body).toEqual({ key: 'choose-venue', done: true })
    await tick(true)
    expect((await anna.get('/api/account/plan')).body.done_tasks).toEqual(['choose-venue'])
    await tick(false)
    expect((await anna.get('/api/account/plan')).body.done_tasks).toEqual([])
    expect((await anna.put('/api/account/plan/tasks/no-such-task', { done: true })).status).toBe(404)
  })

  it('is the customer’s own: signed out 401, another site 403', async () => {
    expect((await api.visitor().get('/api/account/plan')).status).toBe(401)
    expect((await anna.put('/api/account/plan', { ...empty }, { origin: 'https://evil.example' })).status).toBe(403)
  })
})
