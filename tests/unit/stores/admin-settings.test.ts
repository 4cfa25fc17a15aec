import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { sampleConfig } from '../../support/admin-samples'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminSettings } from '~/stores/admin-settings'
import type { AdminConfig } from '#shared/contracts/admin'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

async function loaded(more: Partial<AdminConfig> = {}) {
  const store = useAdminSettings()
  const loading = store.load()
  ;(await request(0)).answer(200, sampleConfig({ version: 5, ...more }))
  await loading
  return store
}

describe('the settings', () => {
  it('fill the form, an empty field for what is not set', async () => {
    const store = useAdminSettings()
    const loading = store.load()
    expect(store.state).toBe('loading')
    expect([(await request(0)).method, requests[0]!.path]).toEqual(['GET', '/api/admin/config'])
    requests[0]!.answer(200, sampleConfig())
    await loading
    expect([store.state, store.unsaved]).toEqual(['ready', false])
    expect(store.draft).toMatchObject({ bot_name: 'Vasilias', contact_email: '', rag_api_url: '', polling_interval_ms: 3000 })
    expect(store.draft).not.toHaveProperty('version')
  })

  it('tell why they cannot be shown', async () => {
    const store = useAdminSettings()
    const loading = store.load()
    ;(await request(0)).answer(503, refusal('UNAVAILABLE'))
    await loading
    expect([store.state, store.failure?.status, store.unsaved]).toEqual(['failed', 503, false])
    await expect(store.save()).resolves.toBe(false)
    expect(requests).toHaveLength(1)
  })

  it('send only what changed, with the version they are based on', async () => {
    const store = await loaded()
    Object.assign(store.draft, { bot_name: 'Basil', greeting: ' Hello! ', contact_email: 'help@example.com', polling_interval_ms: 5000 })
    expect(store.changed).toEqual(['bot_name', 'contact_email', 'polling_interval_ms'])
    const saving = store.save()
    expect(store.isSaving).toBe(true)
    await expect(store.save()).resolves.toBe(false)
    const put = await request(1)
    expect([put.method, put.path]).toEqual(['PUT', '/api/admin/config'])
    expect(put.body).toEqual({ bot_name: 'Basil', contact_email: 'help@example.com', polling_interval_ms: 5000, version: 5 })
    put.answer(200, sampleConfig({ bot_name: 'Basil', contact_email: 'help@example.com', polling_interval_ms: 5000, version: 6 }))
    await expect(saving).resolves.toBe(true)
    expect([store.isSaved, store.unsaved, store.base?.version]).toEqual([true, false, 6])
  })

  it('keep what is typed while a save is under way, the key too', async () => {
    const store = await loaded()
    store.draft.bot_name = 'Basil'
    const saving = store.save()
    store.draft.greeting = 'Welcome!'
    store.key = { kind: 'replace', key: 'new-key' }
    ;(await request(1)).answer(200, sampleConfig({ bot_name: 'Basil', version: 6 }))
    await saving
    expect([store.draft.bot_name, store.draft.greeting, store.changed]).toEqual(['Basil', 'Welcome!', ['greeting']])
    expect(store.keyToSend()).toBe('new-key')
    expect(store.unsaved).toBe(true)
  })

  it('keep the form after a refusal and mark the field', async () => {
    const store = await loaded()
    store.draft.accent_color = 'green'
    const saving = store.save()
    ;(await request(1)).answer(400, refusal('VALIDATION_ERROR', { details: [{ path: 'accent_color', message: 'Send a colour such as #a8d497.' }] }))
    await expect(saving).resolves.toBe(false)
    expect([store.problem?.fields, store.draft.accent_color, store.isSaving, store.isSaved]).toEqual([{ accent_color: 'Send a colour such as #a8d497.' }, 'green', false, false])
  })

  it('go back to what is stored when the changes are undone', async () => {
    const store = await loaded()
    store.draft.bot_name = 'Basil'
    store.key = { kind: 'clear' }
    store.undo()
    expect([store.draft.bot_name, store.key, store.unsaved]).toEqual(['Vasilias', { kind: 'keep' }, false])
  })

  it('have nothing to undo before they are there', () => {
    const store = useAdminSettings()
    store.undo()
    expect(store.state).toBe('loading')
  })
})

describe('the key', () => {
  it.each([
    [{ kind: 'keep' }, undefined, false],
    [{ kind: 'clear' }, '', true],
    [{ kind: 'replace', key: '' }, undefined, false],
    [{ kind: 'replace', key: ' sk-1 ' }, 'sk-1', true],
  ] as const)('%j is sent as %j', async (change, sent, unsaved) => {
    const store = await loaded({ rag_api_key_set: true })
    store.key = { ...change }
    expect([store.keyToSend(), store.unsaved]).toEqual([sent, unsaved])
    const saving = store.save()
    expect(((await request(1)).body as { rag_api_key?: string }).rag_api_key).toBe(sent)
    requests[1]!.answer(200, sampleConfig({ version: 6 }))
    await saving
    expect(store.key).toEqual({ kind: 'keep' })
  })
})

describe('settings that somebody else has changed', () => {
  const theirs = sampleConfig({ bot_name: 'Theirs', greeting: 'Their greeting', version: 8 })

  async function conflict() {
    const store = await loaded()
    Object.assign(store.draft, { bot_name: 'Mine', fallback_message: 'My fallback' })
    store.key = { kind: 'replace', key: 'new-key' }
    const saving = store.save()
    ;(await request(1)).answer(409, refusal('CONFLICT', { current: theirs }))
    await expect(saving).resolves.toBe(false)
    expect([store.other?.version, store.problem, store.draft.bot_name]).toEqual([8, null, 'Mine'])
    return store
  }

  it('keep the fields chosen as mine, take the rest, and save over the version now seen', async () => {
    const store = await conflict()
    const settling = store.settle(['fallback_message'])
    const put = await request(2)
    expect(put.body).toEqual({ fallback_message: 'My fallback', rag_api_key: 'new-key', version: 8 })
    put.answer(200, { ...theirs, fallback_message: 'My fallback', version: 9 })
    await expect(settling).resolves.toBe(true)
    expect([store.draft.bot_name, store.draft.greeting, store.other, store.unsaved]).toEqual(['Theirs', 'Their greeting', null, false])
  })

  it('need no request when everything of theirs is taken', async () => {
    const store = await conflict()
    store.key = { kind: 'keep' }
    await expect(store.settle([])).resolves.toBe(true)
    expect([requests.length, store.isSaved, store.base?.version]).toEqual([2, true, 8])
  })

  it('can be put off, with everything typed still there', async () => {
    const store = await conflict()
    store.postpone()
    expect([store.other, store.draft.bot_name, store.unsaved]).toEqual([null, 'Mine', true])
    await expect(store.settle([])).resolves.toBe(false)
  })
})
