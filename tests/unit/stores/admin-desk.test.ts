import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { sampleFaq } from '../../support/admin-samples'
import { useAdminConversation } from '~/stores/admin-conversation'
import { useAdminFaqChecks } from '~/stores/admin-faq-checks'
import { useAdminFaqEditor } from '~/stores/admin-faq-editor'
import { useAdminFaqSearch } from '~/stores/admin-faq-search'
import { useAdminHandover, useAdminWaitingList } from '~/stores/admin-handover'
import { useAdminNegatives, useAdminUnlearn } from '~/stores/admin-negatives'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminReplay } from '~/stores/admin-replay'
import { useAdminUnanswered, useAdminUnansweredDetail, useAdminUnansweredWork } from '~/stores/admin-unanswered'
import { useAdminWaiting } from '~/stores/admin-waiting'
import type { FaqNegative } from '#shared/contracts/admin'
import type { UnansweredGroup } from '#shared/contracts/unanswered'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const group = (id: string, more: Partial<UnansweredGroup> = {}): UnansweredGroup => ({
  id, question: `Question ${id}?`, wordings: [], status: 'open', count: 1, kinds: { fallback: 1, suggestion: 0, thumbs_down: 0 }, earlier: 0,
  first_seen_at: '2026-11-22T10:00:00.000Z', last_seen_at: '2026-11-22T10:00:00.000Z', resolution: null, resolved_at: null, resolved_by: null, faq: null, now: 'forward', closest: [], version: 3, ...more,
})
const find = (method: string, path: string | RegExp) => vi.waitFor(() => {
  const found = requests.findLast(made => made.method === method && (typeof path === 'string' ? made.path === path : path.test(made.path)))
  if (!found) throw new Error(`No ${method} ${path} yet`)
  return found
})
const notices = () => useAdminNotices().notices
const ids = (items: { id: string }[]) => items.map(({ id }) => id).join('')

describe('the list of unanswered questions', () => {
  async function loaded() {
    const list = useAdminUnanswered()
    const loading = list.load({ status: 'open' })
    ;(await find('GET', '/api/admin/unanswered')).answer(200, { items: [group('a'), group('b')], next_cursor: null, open_count: 2 })
    await loading
    return { list, work: useAdminUnansweredWork() }
  }

  it('dismisses with the version seen, and takes it back', async () => {
    const { list, work } = await loaded()
    const dismissing = work.dismiss(list.items[0]!)
    expect(work.busy).toEqual(['a'])
    const sent = await find('POST', '/api/admin/unanswered/a/resolve')
    expect(sent.body).toEqual({ action: 'dismiss', version: 3 })
    sent.answer(200, { group: group('a', { status: 'dismissed' }), faq: null, now_answers: [] })
    expect(await dismissing).toBe(true)
    expect([ids(list.items), work.busy]).toEqual(['b', []])
    ;(await find('GET', '/api/admin/waiting')).answer(200, { unanswered: 1, persons: 2 })
    await vi.waitFor(() => expect(useAdminWaiting().counts).toEqual({ unanswered: 1, persons: 2 }))
    notices()[0]!.action!.run()
    ;(await find('POST', '/api/admin/unanswered/a/reopen')).answer(200, group('a'))
    await vi.waitFor(() => expect(requests.filter(made => made.path === '/api/admin/unanswered')).toHaveLength(2))
    ;(await find('GET', '/api/admin/unanswered')).answer(200, { items: [group('a'), group('b')], next_cursor: null, open_count: 2 })
    await vi.waitFor(() => expect(ids(list.items)).toBe('ab'))
  })

  it('adds a phrasing and says what else the FAQ answers', async () => {
    const { list, work } = await loaded()
    const adding = work.addPhrasing(list.items[1]!, { id: 'faq-1', question: 'Rain?' }, 'and when it pours?')
    const sent = await find('POST', '/api/admin/unanswered/b/resolve')
    expect(sent.body).toEqual({ action: 'phrasing', faq_id: 'faq-1', phrasing: 'and when it pours?', version: 3 })
    sent.answer(200, { group: group('b'), faq: sampleFaq('one'), now_answers: [{ id: 'c', question: 'C?', count: 1, decision: 'answer', score: 0.9 }, { id: 'd', question: 'D?', count: 1, decision: 'suggest', score: 0.4 }] })
    expect(await adding).toBe(true)
    expect(notices()[0]!.text).toBe('Added to “Rain?”. It answers another waiting question as well.')
    expect(ids(list.items)).toBe('a')
  })

  it('tells of a refusal, and looks again where somebody was quicker', async () => {
    const { list, work } = await loaded()
    const dismissing = work.dismiss(list.items[0]!)
    ;(await find('POST', '/api/admin/unanswered/a/resolve')).answer(409, refusal('CONFLICT', { current: group('a', { status: 'resolved' }) }))
    expect(await dismissing).toBe(false)
    expect(notices()[0]).toMatchObject({ kind: 'failed', text: 'Please try again.' })
    await vi.waitFor(() => expect(requests.filter(made => made.path === '/api/admin/unanswered')).toHaveLength(2))
    expect(ids(list.items)).toBe('ab')
  })

  it('fetches the questions of a group, again after a failure', async () => {
    const detail = useAdminUnansweredDetail()
    const loading = detail.load('a')
    ;(await find('GET', '/api/admin/unanswered/a')).cutOff()
    await loading
    expect(detail.details.a).toBe('failed')
    const again = detail.load('a')
    await vi.waitFor(() => expect(requests).toHaveLength(2))
    requests[1]!.answer(200, { ...group('a'), questions: [] })
    await again
    expect(detail.details.a).toMatchObject({ id: 'a', questions: [] })
  })
})

it('keeps the numbers of the navigation when a look fails', async () => {
  const waiting = useAdminWaiting()
  const looking = waiting.look()
  ;(await request(0)).answer(200, { unanswered: 4, persons: 1 })
  await looking
  const again = waiting.look()
  ;(await request(1)).cutOff()
  await again
  expect(waiting.counts).toEqual({ unanswered: 4, persons: 1 })
})

describe('learned pairs', () => {
  const pair: FaqNegative = { id: 'p', faq_id: 'faq-1', faq_question: 'Rain?', question: 'Stop the rain', source: 'feedback', created_at: '2026-11-22T10:00:00.000Z' }

  it('are taken back, and put back', async () => {
    const list = useAdminNegatives()
    const unlearn = useAdminUnlearn()
    list.items = [pair]
    const removing = unlearn.remove(pair)
    ;(await find('DELETE', '/api/admin/faqs/negatives/p')).answer(204)
    await removing
    expect(list.items).toEqual([])
    notices()[0]!.action!.run()
    const put = await find('POST', '/api/admin/faqs/negatives')
    expect(put.body).toEqual({ faq_id: 'faq-1', question: 'Stop the rain' })
    put.answer(201, { id: 'q' })
    ;(await find('GET', '/api/admin/faqs/negatives')).answer(200, { items: [{ ...pair, id: 'q' }], next_cursor: null })
    await vi.waitFor(() => expect(ids(list.items)).toBe('q'))
  })

  it('stay when they cannot be taken back', async () => {
    const list = useAdminNegatives()
    list.items = [pair]
    const removing = useAdminUnlearn().remove(pair)
    ;(await find('DELETE', '/api/admin/faqs/negatives/p')).cutOff()
    await removing
    expect([ids(list.items), notices()[0]!.kind]).toEqual(['p', 'failed'])
  })
})

describe('the replay', () => {
  const part = (done: number, next_cursor: string | null, changes: string[] = []) => ({ baseline: 'now', done, limit: 200, looked_at: 100, answered_by_draft: 2, changes: changes.map(id => ({ message_id: id })), next_cursor })

  it('goes on part by part and tells how far it is', async () => {
    const replay = useAdminReplay()
    const running = replay.run({ limit: 200, strictness: 'eager' })
    expect((await request(0)).body).toEqual({ limit: 200, strictness: 'eager' })
    requests[0]!.answer(200, part(100, 'more', ['a']))
    expect((await request(1)).body).toEqual({ limit: 200, strictness: 'eager', cursor: 'more' })
    expect([replay.state, replay.progress.done]).toEqual(['running', 100])
    requests[1]!.answer(200, part(200, null, ['b']))
    await running
    expect([replay.state, replay.changes.map(change => change.message_id), replay.progress]).toEqual(['done', ['a', 'b'], { done: 200, limit: 200, answeredByDraft: 4 }])
  })

  it('stops when told, and starts from nothing', async () => {
    const replay = useAdminReplay()
    const running = replay.run({ limit: 200 })
    ;(await request(0)).answer(200, part(100, 'more', ['a']))
    await request(1)
    replay.stop()
    requests[1]!.cutOff()
    await running
    expect([replay.state, replay.changes.length]).toEqual(['stopped', 1])
    replay.reset()
    expect([replay.state, replay.changes.length]).toEqual(['idle', 0])
  })

  it('tells why it failed', async () => {
    const replay = useAdminReplay()
    const running = replay.run({ limit: 50 })
    ;(await request(0)).answer(503, refusal('UNAVAILABLE'))
    await running
    expect([replay.state, replay.failure?.status]).toEqual(['failed', 503])
  })
})

describe('the checks of a FAQ that is being written', () => {
  const draft = { id: null, question: 'Rain?', answer: '', phrasings: ['Wet?', ''], is_active: true }

  it('bring FAQs that answer the same and waiting questions', async () => {
    const checks = useAdminFaqChecks()
    const checking = checks.check(draft)
    const similar = await find('POST', '/api/admin/faqs/similar')
    expect(similar.body).toEqual({ id: null, question: 'Rain?', phrasings: ['Wet?'] })
    similar.answer(200, { items: [{ faq_id: 'f', question: 'What if it rains?', score: 0.9, wording: 'Rain?' }] })
    ;(await find('POST', '/api/admin/unanswered/preview')).answer(200, { items: [{ id: 'a' }], looked_at: 3 })
    await checking
    expect([checks.similar.length, checks.waiting.length, checks.lookedAt]).toEqual([1, 1, 3])
    await checks.check({ ...draft, question: ' ' })
    expect([checks.similar, checks.lookedAt]).toEqual([[], null])
  })

  it('leave the form as it is when they fail or are overtaken', async () => {
    const checks = useAdminFaqChecks()
    const first = checks.check(draft)
    ;(await request(0)).cutOff()
    await first
    const second = checks.check(draft)
    await request(3)
    checks.reset()
    for (const made of requests.slice(2)) made.answer(200, { items: [{ id: 'late' }], looked_at: 1 })
    await second
    expect([checks.similar, checks.waiting, checks.lookedAt]).toEqual([[], [], null])
  })

  it('wait until somebody pauses', async () => {
    vi.useFakeTimers()
    const checks = useAdminFaqChecks()
    checks.checkSoon(draft)
    checks.checkSoon({ ...draft, question: 'Rain and snow?' })
    await vi.advanceTimersByTimeAsync(700)
    vi.useRealTimers()
    expect((await find('POST', '/api/admin/faqs/similar')).body).toMatchObject({ question: 'Rain and snow?' })
    expect(requests).toHaveLength(2)
  })
})

it('searches FAQs to choose one from, the last words only', async () => {
  vi.useFakeTimers()
  const search = useAdminFaqSearch()
  search.searchSoon('ra')
  search.searchSoon('rain')
  await vi.advanceTimersByTimeAsync(300)
  vi.useRealTimers()
  expect((await request(0)).query).toEqual({ q: 'rain', limit: '8' })
  requests[0]!.answer(200, { items: [sampleFaq('one')], next_cursor: null, total: 1 })
  await vi.waitFor(() => expect([search.items.length, search.isBusy]).toEqual([1, false]))
  search.searchSoon('')
  expect(search.items).toEqual([])
})

describe('a FAQ for waiting questions', () => {
  async function drafted() {
    const editor = useAdminFaqEditor()
    const opening = editor.open(null, 'a')
    ;(await find('GET', '/api/admin/unanswered/a')).answer(200, { ...group('a', { wordings: ['other words', 'x'.repeat(301)] }), questions: [] })
    await opening
    return editor
  }

  it('begins with their words, which are nothing that could be lost', async () => {
    const editor = await drafted()
    expect([editor.draft.question, editor.draft.phrasings.map(({ text }) => text), editor.unsaved]).toEqual(['Question a?', ['other words'], false])
  })

  it('settles them, with others, when it is saved', async () => {
    const editor = await drafted()
    editor.draft.answer = 'Yes.'
    editor.also = ['b']
    const saving = editor.save()
    const sent = await find('POST', '/api/admin/unanswered/a/resolve')
    expect(sent.body).toEqual({ action: 'new_faq', question: 'Question a?', answer: 'Yes.', phrasings: ['other words'], is_active: true, also: ['b'] })
    sent.answer(200, { group: group('a'), faq: sampleFaq('made'), now_answers: [] })
    expect((await saving)?.id).toBe('id-made')
    expect([editor.isSaved, editor.group]).toEqual([true, null])
  })

  it('can be saved by itself when somebody else has dealt with them', async () => {
    const editor = await drafted()
    editor.draft.answer = 'Yes.'
    const saving = editor.save()
    ;(await find('POST', '/api/admin/unanswered/a/resolve')).answer(409, refusal('CONFLICT', { current: group('a', { status: 'resolved' }) }))
    expect(await saving).toBeNull()
    expect([editor.problem?.status, editor.problem?.fields, editor.other, editor.draft.answer]).toEqual([409, {}, null, 'Yes.'])
    void editor.save()
    await find('POST', '/api/admin/faqs')
  })
})

describe('answering as a person', () => {
  const conversation = (more = {}) => ({ id: 'c', messages: [{ seq: 1 }], next_after: null, handling: 'waiting', ...more })

  async function open() {
    const store = useAdminConversation()
    const loading = store.load('c')
    ;(await find('GET', '/api/admin/conversations/c')).answer(200, conversation())
    await loading
    return store
  }

  it('takes over, says something under one id until it is stored, and hands back', async () => {
    const store = await open()
    const handover = useAdminHandover()
    const claiming = handover.claim('c', true)
    const claim = await find('POST', '/api/admin/conversations/c/claim')
    expect(claim.body).toEqual({ take_over: true })
    claim.answer(200, { conversation_id: 'c', handling: 'person' })
    expect(await claiming).toMatchObject({ handling: 'person' })

    handover.draft = ' Hello '
    const failing = handover.say('c')
    const first = await find('POST', '/api/admin/conversations/c/messages')
    expect(first.body).toMatchObject({ text: 'Hello' })
    first.cutOff()
    expect([await failing, handover.draft, notices().at(-1)!.kind]).toEqual([false, ' Hello ', 'failed'])
    const saying = handover.say('c')
    await vi.waitFor(() => expect(requests.filter(made => made.path.endsWith('/messages'))).toHaveLength(2))
    const again = requests.findLast(made => made.path.endsWith('/messages'))!
    expect(again.body).toEqual(first.body)
    again.answer(201, { id: 'm', seq: 2 })
    expect([await saying, handover.draft]).toEqual([true, ''])
    expect(await handover.say('c')).toBe(false)

    const handing = handover.handBack('c')
    ;(await find('POST', '/api/admin/conversations/c/hand-back')).answer(200, { conversation_id: 'c', handling: 'bot' })
    expect(await handing).toMatchObject({ handling: 'bot' })
    ;(await find('GET', '/api/admin/conversations/c')).answer(200, conversation({ handling: 'bot', messages: [{ seq: 1 }, { seq: 2 }] }))
    await vi.waitFor(() => expect([store.conversation?.handling, store.conversation?.messages.length]).toEqual(['bot', 2]))
  })

  it('leaves the conversation on the screen when a quiet look fails', async () => {
    const store = await open()
    const looking = store.refresh('c')
    ;(await request(1)).cutOff()
    await looking
    expect([store.conversation?.id, store.failure]).toEqual(['c', null])
    await store.refresh('another')
    expect(requests).toHaveLength(2)
  })

  it('lists who waits, and keeps the list when a look fails', async () => {
    const list = useAdminWaitingList()
    const loading = list.load()
    ;(await request(0)).answer(200, { items: [{ id: 'c' }], next_cursor: null, waiting: 1 })
    await loading
    const again = list.load()
    ;(await request(1)).cutOff()
    await again
    expect([list.items.length, list.failure?.status]).toEqual([1, 0])
  })
})
