import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SavePlan, WeddingPlan } from '#shared/contracts/plan'
import { usePlanStore } from '~/stores/plan'
import { usePlanTasksStore } from '~/stores/plan-tasks'

const emptyPlan: WeddingPlan = { wedding_date: null, guests: null, budget_euros: null, version: 0, done_tasks: [] }

interface Call { method: string, path: string, body: unknown, answer: (status: number, body: unknown) => void, cutOff: () => void }
let calls: Call[]

/** Every request waits until the test answers it, so that a test decides what arrives when. */
beforeEach(() => {
  calls = []
  vi.stubGlobal('fetch', (path: string, { method, body }: { method: string, body?: string }) => new Promise<Response>((resolve, reject) => {
    calls.push({
      method, path, body: body ? JSON.parse(body) : undefined,
      answer: (status, answer) => resolve(new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })),
      cutOff: () => reject(new TypeError('fetch failed')),
    })
  }))
  setActivePinia(createPinia())
})
afterEach(() => vi.unstubAllGlobals())

const call = (index: number) => vi.waitFor(() => {
  const found = calls[index]
  if (!found) throw new Error(`no request ${index} yet`)
  return found
})
const refusal = (code: string, more: object = {}) => ({ error: 'Please try again.', code, request_id: 'r', ...more })

async function loaded(plan: Partial<WeddingPlan> = {}) {
  const store = usePlanStore()
  const loading = store.load()
  ;(await call(0)).answer(200, { ...emptyPlan, ...plan })
  await loading
  return store
}

describe('the plan', () => {
  it('fills the draft with what is stored and has nothing unsaved', async () => {
    const store = await loaded({ guests: 80, version: 3 })
    expect(store.draft).toEqual({ wedding_date: null, guests: 80, budget_euros: null })
    expect(store.unsaved).toBe(false)
  })

  it('saves the draft with the version it is based on', async () => {
    const store = await loaded({ guests: 80, version: 3 })
    store.draft.wedding_date = '2027-06-19'
    expect(store.unsaved).toBe(true)
    const saving = store.save()
    expect(store.saveState).toBe('saving')
    const put = await call(1)
    expect(put.method).toBe('PUT')
    expect(put.body).toEqual({ wedding_date: '2027-06-19', guests: 80, budget_euros: null, version: 3 } satisfies SavePlan)
    put.answer(200, { ...emptyPlan, wedding_date: '2027-06-19', guests: 80, version: 4 })
    await saving
    expect(store.saveState).toBe('saved')
    expect(store.unsaved).toBe(false)
  })

  it('keeps what is typed while a save is under way, as unsaved', async () => {
    const store = await loaded()
    store.draft.guests = 80
    const saving = store.save()
    store.draft.guests = 85
    ;(await call(1)).answer(200, { ...emptyPlan, guests: 80, version: 1 })
    await saving
    expect(store.draft.guests).toBe(85)
    expect(store.unsaved).toBe(true)
  })

  it('sends one save at a time', async () => {
    const store = await loaded()
    store.draft.guests = 80
    const saving = store.save()
    await store.save()
    expect(calls).toHaveLength(2)
    calls[1]!.answer(200, { ...emptyPlan, guests: 80, version: 1 })
    await saving
  })

  it('keeps the draft after a failed save and says where the fault is', async () => {
    const store = await loaded()
    store.draft.guests = 6000
    const saving = store.save()
    ;(await call(1)).answer(400, refusal('VALIDATION_ERROR', { details: [{ path: 'guests', message: 'Too many.' }] }))
    await saving
    expect(store.saveState).toBe('failed')
    expect(store.details).toEqual([{ path: 'guests', message: 'Too many.' }])
    expect(store.draft.guests).toBe(6000)
  })

  it('passes on that the session is over', async () => {
    const store = await loaded()
    const saving = store.save()
    ;(await call(1)).answer(401, refusal('NOT_AUTHENTICATED'))
    await expect(saving).rejects.toMatchObject({ status: 401 })
    expect(store.saveState).toBe('failed')
  })

  async function conflict() {
    const store = await loaded({ guests: 80, version: 1 })
    store.draft.guests = 90
    const saving = store.save()
    ;(await call(1)).answer(409, refusal('CONFLICT', { current: { ...emptyPlan, guests: 70, version: 2 } }))
    await saving
    expect(store.saveState).toBe('conflict')
    return store
  }

  it('saves mine over the other version only when the customer says so', async () => {
    const store = await conflict()
    const settling = store.settle('mine')
    const put = await call(2)
    expect(put.body).toMatchObject({ guests: 90, version: 2 })
    put.answer(200, { ...emptyPlan, guests: 90, version: 3 })
    await settling
    expect(store.saveState).toBe('saved')
  })

  it('takes the other version when the customer says so, without a request', async () => {
    const store = await conflict()
    await store.settle('theirs')
    expect(store.draft.guests).toBe(70)
    expect(store.unsaved).toBe(false)
    expect(calls).toHaveLength(2)
  })

  it('asks on coming back when the plan has changed elsewhere while something is unsaved here', async () => {
    const store = await loaded({ guests: 80, version: 1 })
    store.draft.guests = 90
    const loading = store.load()
    ;(await call(1)).answer(200, { ...emptyPlan, guests: 70, version: 2 })
    await loading
    expect(store.saveState).toBe('conflict')
    expect(store.draft.guests).toBe(90)
    expect(store.plan?.version).toBe(1)
  })
})

describe('the ticks of the checklist', () => {
  it('show at once, also while a save of the outline is answered', async () => {
    const store = await loaded()
    const tasks = usePlanTasksStore()
    store.draft.guests = 80
    const saving = store.save()
    const ticking = tasks.setDone('rings', true)
    expect(tasks.isDone('rings')).toBe(true)
    ;(await call(1)).answer(200, { ...emptyPlan, guests: 80, version: 1 })
    await saving
    expect(tasks.isDone('rings')).toBe(true)
    ;(await call(2)).answer(200, { key: 'rings', done: true })
    await ticking
  })

  it('are taken back when the request is cut off, with a word on it', async () => {
    await loaded()
    const tasks = usePlanTasksStore()
    const ticking = tasks.setDone('rings', true)
    ;(await call(1)).cutOff()
    await ticking
    expect(tasks.isDone('rings')).toBe(false)
    expect(tasks.failure?.key).toBe('rings')
    const again = tasks.setDone('rings', true)
    expect(tasks.failure).toBeNull()
    ;(await call(2)).answer(200, { key: 'rings', done: true })
    await again
    expect(tasks.isDone('rings')).toBe(true)
  })

  it('of one task are sent one after the other, and the last one counts', async () => {
    await loaded()
    const tasks = usePlanTasksStore()
    const ticking = tasks.setDone('rings', true)
    await tasks.setDone('rings', false)
    expect(tasks.isDone('rings')).toBe(false)
    expect(calls).toHaveLength(2)
    calls[1]!.answer(200, { key: 'rings', done: true })
    const second = await call(2)
    expect(second.body).toEqual({ done: false })
    second.answer(200, { key: 'rings', done: false })
    await ticking
    expect(tasks.isDone('rings')).toBe(false)
  })

  it('go back to what the server has when a later one of several fails', async () => {
    await loaded()
    const tasks = usePlanTasksStore()
    const ticking = tasks.setDone('rings', true)
    void tasks.setDone('rings', false)
    calls[1]!.answer(200, { key: 'rings', done: true })
    ;(await call(2)).answer(503, refusal('UNAVAILABLE'))
    await ticking
    expect(tasks.isDone('rings')).toBe(true)
  })
})
