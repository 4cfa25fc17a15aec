import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { sampleFaq } from '../../support/admin-samples'
import { holdRequests, refusal } from '../../support/held-requests'
import { phrasingDraft, useAdminFaqEditor } from '~/stores/admin-faq-editor'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const stored = sampleFaq('a', { phrasings: ['Is that so?', 'Really?'], version: 3 })

async function opened() {
  const store = useAdminFaqEditor()
  const opening = store.open(stored.id)
  ;(await request(0)).answer(200, stored)
  await opening
  return store
}

describe('opening a FAQ', () => {
  it('fills the form with what is stored and has nothing unsaved', async () => {
    const store = useAdminFaqEditor()
    const opening = store.open('id-a')
    expect(store.state).toBe('loading')
    expect((await request(0)).path).toBe('/api/admin/faqs/id-a')
    requests[0]!.answer(200, stored)
    await opening
    expect([store.state, store.unsaved]).toEqual(['ready', false])
    expect(store.mine()).toEqual({ question: 'Question a?', answer: 'Answer a.', phrasings: ['Is that so?', 'Really?'], is_active: true })
    expect(new Set(store.draft.phrasings.map(phrasing => phrasing.key)).size).toBe(2)
  })

  it('starts a new one empty and active, without a request', async () => {
    const store = await opened()
    await store.open(null)
    expect([store.state, store.base, store.unsaved]).toEqual(['ready', null, false])
    expect(store.mine()).toEqual({ question: '', answer: '', phrasings: [], is_active: true })
    expect(requests).toHaveLength(1)
  })

  it('tells that there is none', async () => {
    const store = useAdminFaqEditor()
    const opening = store.open('id-gone')
    ;(await request(0)).answer(404, refusal('NOT_FOUND'))
    await opening
    expect([store.state, store.failure?.status]).toEqual(['failed', 404])
    expect(store.unsaved).toBe(false)
  })

  it('drops an answer about a FAQ that is no longer wanted, so that it does not wipe another form', async () => {
    const store = useAdminFaqEditor()
    const first = store.open('id-a')
    const second = store.open('id-gone')
    await store.open(null)
    store.draft.question = 'A new one?'
    ;(await request(0)).answer(200, stored)
    requests[1]!.answer(404, refusal('NOT_FOUND'))
    await Promise.all([first, second])
    expect([store.state, store.base, store.draft.question]).toEqual(['ready', null, 'A new one?'])
  })
})

describe('what counts as unsaved', () => {
  it('is a changed word, not a space at an end or an empty phrasing', async () => {
    const store = await opened()
    store.draft.question = '  Question a? '
    store.draft.phrasings.push(phrasingDraft('   '))
    expect(store.unsaved).toBe(false)
    store.draft.phrasings[1]!.text = 'Truly?'
    expect(store.unsaved).toBe(true)
    expect([store.changed('phrasings'), store.changed('answer')]).toEqual([true, false])
  })
})

describe('saving a FAQ', () => {
  it('makes a new one', async () => {
    const store = useAdminFaqEditor()
    await store.open(null)
    Object.assign(store.draft, { question: 'Question a?', answer: 'Answer a.', phrasings: [phrasingDraft(' Really? '), phrasingDraft('')] })
    const saving = store.save()
    expect(store.isSaving).toBe(true)
    const sent = await request(0)
    expect([sent.method, sent.path]).toEqual(['POST', '/api/admin/faqs'])
    expect(sent.body).toEqual({ question: 'Question a?', answer: 'Answer a.', phrasings: ['Really?'], is_active: true })
    sent.answer(201, sampleFaq('a', { phrasings: ['Really?'] }))
    await expect(saving).resolves.toMatchObject({ id: 'id-a' })
    expect([store.isSaving, store.isSaved, store.unsaved, store.base?.id]).toEqual([false, true, false, 'id-a'])
  })

  it('changes a stored one with the version it is based on, once at a time', async () => {
    const store = await opened()
    store.draft.answer = 'Another answer.'
    const saving = store.save()
    await expect(store.save()).resolves.toBeNull()
    const sent = await request(1)
    expect([sent.method, sent.path]).toEqual(['PATCH', '/api/admin/faqs/id-a'])
    expect(sent.body).toMatchObject({ answer: 'Another answer.', version: 3 })
    expect(requests).toHaveLength(2)
    sent.answer(200, { ...stored, answer: 'Another answer.', version: 4 })
    await saving
    expect([store.base?.version, store.unsaved]).toEqual([4, false])
  })

  it('keeps what is typed while it is under way, as unsaved', async () => {
    const store = await opened()
    store.draft.answer = 'Another answer.'
    const saving = store.save()
    store.draft.answer = 'Another answer, longer.'
    ;(await request(1)).answer(200, { ...stored, answer: 'Another answer.', version: 4 })
    await saving
    expect([store.draft.answer, store.unsaved, store.base?.version]).toEqual(['Another answer, longer.', true, 4])
  })

  it('leaves another FAQ alone that was opened meanwhile', async () => {
    const store = await opened()
    store.draft.answer = 'Another answer.'
    const saving = store.save()
    await store.open(null)
    store.draft.question = 'A new one?'
    ;(await request(1)).answer(200, { ...stored, answer: 'Another answer.', version: 4 })
    await saving
    expect([store.base, store.draft.question, store.isSaved]).toEqual([null, 'A new one?', false])
  })

  it('shows no refusal of the FAQ before on the next one’s form', async () => {
    const store = await opened()
    store.draft.answer = ''
    const saving = store.save()
    await store.open(null)
    ;(await request(1)).answer(400, refusal('VALIDATION_ERROR', { details: [{ path: 'answer', message: 'Write an answer.' }] }))
    await saving
    expect(store.problem).toBeNull()
  })

  it('names the phrasing that was refused by its key, whatever empty rows stand before it', async () => {
    const store = await opened()
    store.draft.phrasings.unshift(phrasingDraft(' '))
    store.draft.phrasings[2]!.text = 'x'.repeat(301)
    const key = store.draft.phrasings[2]!.key
    const saving = store.save()
    ;(await request(1)).answer(400, refusal('VALIDATION_ERROR', { details: [{ path: 'phrasings.1', message: 'Too long.' }, { path: 'answer', message: 'Write an answer.' }] }))
    await expect(saving).resolves.toBeNull()
    expect(store.problem?.fields).toEqual({ [`phrasing-${key}`]: 'Too long.', answer: 'Write an answer.' })
    expect([store.unsaved, store.isSaving, store.isSaved]).toEqual([true, false, false])
  })

  it('marks the question when there is one like it already', async () => {
    const store = await opened()
    store.draft.question = 'Question b?'
    const saving = store.save()
    ;(await request(1)).answer(409, refusal('CONFLICT'))
    await saving
    expect([store.problem?.fields, store.other]).toEqual([{ question: 'Please try again.' }, null])
  })

  it('keeps everything when nothing comes back', async () => {
    const store = await opened()
    store.draft.answer = 'Another answer.'
    const saving = store.save()
    ;(await request(1)).cutOff()
    await expect(saving).resolves.toBeNull()
    expect([store.problem?.status, store.draft.answer, store.unsaved]).toEqual([0, 'Another answer.', true])
  })
})

describe('a FAQ that somebody else has changed', () => {
  const theirs = { ...stored, question: 'Their question?', version: 9 }

  async function conflict() {
    const store = await opened()
    store.draft.answer = 'My answer.'
    const saving = store.save()
    ;(await request(1)).answer(409, refusal('CONFLICT', { current: theirs }))
    await expect(saving).resolves.toBeNull()
    expect([store.other?.version, store.problem]).toEqual([9, null])
    return store
  }

  it('is saved over theirs with a choice for each field', async () => {
    const store = await conflict()
    const settling = store.settle({ ...store.mine(), question: theirs.question })
    const sent = await request(2)
    expect(sent.body).toMatchObject({ question: 'Their question?', answer: 'My answer.', version: 9 })
    sent.answer(200, { ...theirs, answer: 'My answer.', version: 10 })
    await expect(settling).resolves.toMatchObject({ version: 10 })
    expect([store.other, store.unsaved, store.isSaved]).toEqual([null, false, true])
  })

  it('needs no request when everything of theirs is taken', async () => {
    const store = await conflict()
    await expect(store.settle(theirs)).resolves.toMatchObject({ version: 9 })
    expect([requests.length, store.base?.version, store.draft.question, store.unsaved]).toEqual([2, 9, 'Their question?', false])
  })

  it('can be put off: the next save asks again with the version that was seen first', async () => {
    const store = await conflict()
    store.postpone()
    expect([store.other, store.draft.answer, store.unsaved]).toEqual([null, 'My answer.', true])
    await expect(store.settle(store.mine())).resolves.toBeNull()
    const saving = store.save()
    expect((await request(2)).body).toMatchObject({ version: 3 })
    requests[2]!.answer(409, refusal('CONFLICT', { current: theirs }))
    await saving
    expect(store.other?.version).toBe(9)
  })
})
