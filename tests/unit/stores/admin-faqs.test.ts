import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { sampleFaq } from '../../support/admin-samples'
import { useAdminFaqs } from '~/stores/admin-faqs'
import { useAdminNotices } from '~/stores/admin-notices'
import type { AdminFaq } from '#shared/contracts/admin'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const all = { q: '', active: '' } as const
const page = (items: AdminFaq[], more: { next_cursor?: string, total?: number } = {}) => ({ items, next_cursor: null, total: items.length, ...more })
const faqs = (names: string) => [...names].map(name => sampleFaq(name))
const shown = () => useAdminFaqs().items.map(faq => faq.id.slice('id-'.length)).join('')
const told = () => useAdminNotices().notices.map(({ kind, text }) => `${kind}: ${text}`)

async function loaded(names = 'abc', more: { next_cursor?: string, total?: number } = {}) {
  const store = useAdminFaqs()
  const loading = store.load(all)
  ;(await request(0)).answer(200, page(faqs(names), more))
  await loading
  return store
}

describe('the list of FAQs', () => {
  it('asks for what fits the filters, 50 at a time, and counts everything that fits', async () => {
    const store = useAdminFaqs()
    const loading = store.load({ q: 'dogs', active: 'false' })
    expect(store.state).toBe('loading')
    const asked = await request(0)
    expect([asked.method, asked.path, asked.query]).toEqual(['GET', '/api/admin/faqs', { q: 'dogs', active: 'false', limit: '50' }])
    asked.answer(200, page(faqs('ab'), { total: 70, next_cursor: 'next' }))
    await loading
    expect([store.state, shown(), store.total, store.nextCursor]).toEqual(['ready', 'ab', 70, 'next'])
  })

  it('drops an answer that a later call has overtaken, a refusal too', async () => {
    const store = useAdminFaqs()
    const first = store.load({ q: 'd', active: '' })
    const second = store.load({ q: 'do', active: '' })
    const third = store.load({ q: 'dog', active: '' })
    ;(await request(2)).answer(200, page(faqs('c')))
    await third
    requests[0]!.answer(200, page(faqs('a')))
    requests[1]!.answer(503, refusal('UNAVAILABLE'))
    await Promise.all([first, second])
    expect([store.state, shown(), store.failure]).toEqual(['ready', 'c', null])
  })

  it('tells why it cannot be shown, and shows it after another try', async () => {
    const store = useAdminFaqs()
    const loading = store.load(all)
    ;(await request(0)).answer(503, refusal('UNAVAILABLE'))
    await loading
    expect(store.state).toBe('failed')
    expect(store.failure).toEqual({ status: 503, message: 'Please try again.', requestId: 'request-1', fields: {} })
    const again = store.reload()
    expect(store.state).toBe('loading')
    ;(await request(1)).answer(200, page(faqs('a')))
    await again
    expect([store.state, store.failure]).toEqual(['ready', null])
  })

  it('stays in sight while the same filters are brought up to date, as long as it has grown', async () => {
    const store = await loaded('abc', { next_cursor: 'next', total: 60 })
    const growing = store.loadMore()
    ;(await request(1)).answer(200, page(Array.from({ length: 57 }, (_, number) => sampleFaq(`more-${number}`)), { total: 60 }))
    await growing
    expect(store.items).toHaveLength(60)
    const again = store.load(all)
    expect([store.state, store.items.length]).toEqual(['ready', 60])
    expect((await request(2)).query.limit).toBe('60')
    requests[2]!.answer(200, page(faqs('ab')))
    await again
    expect(shown()).toBe('ab')
  })

  it('grows by the next page, without a FAQ that moved down meanwhile a second time', async () => {
    const store = await loaded('abc', { next_cursor: 'after-c', total: 5 })
    const growing = store.loadMore()
    expect(store.isGrowing).toBe(true)
    await store.loadMore()
    expect((await request(1)).query).toEqual({ limit: '50', cursor: 'after-c' })
    expect(requests).toHaveLength(2)
    requests[1]!.answer(200, page(faqs('cde'), { total: 5 }))
    await growing
    expect([shown(), store.nextCursor, store.isGrowing]).toEqual(['abcde', null, false])
    await store.loadMore()
    expect(requests).toHaveLength(2)
  })

  it('keeps what it shows when the next page fails, and can be asked again', async () => {
    const store = await loaded('abc', { next_cursor: 'after-c' })
    const growing = store.loadMore()
    ;(await request(1)).cutOff()
    await growing
    expect([shown(), store.state, store.isGrowing, store.nextCursor]).toEqual(['abc', 'ready', false, 'after-c'])
    expect(told()).toEqual(['failed: We could not reach the server. Check your connection and try again.'])
  })

  it('does not add the next page of a list that is no longer shown', async () => {
    const store = await loaded('abc', { next_cursor: 'after-c' })
    const growing = store.loadMore()
    const loading = store.load({ q: 'x', active: '' })
    ;(await request(2)).answer(200, page(faqs('x')))
    await loading
    requests[1]!.answer(200, page(faqs('d')))
    await growing
    expect(shown()).toBe('x')
  })
})

describe('switching a FAQ off and on', () => {
  it('shows at once, is sent with the version that was seen, and takes over the new one', async () => {
    const store = await loaded()
    const switching = store.setActive(store.items[1]!, false)
    expect(store.items[1]!.is_active).toBe(false)
    expect(store.busy).toEqual(['id-b'])
    const patch = await request(1)
    expect([patch.method, patch.path, patch.body]).toEqual(['PATCH', '/api/admin/faqs/id-b', { is_active: false, version: 1 }])
    patch.answer(200, sampleFaq('b', { is_active: false, version: 2 }))
    await switching
    expect([store.items[1]!.version, store.busy]).toEqual([2, []])
    expect(told()).toEqual(['done: “Question b?” is off: customers do not see it.'])
    const back = store.setActive(store.items[1]!, true)
    expect((await request(2)).body).toEqual({ is_active: true, version: 2 })
    requests[2]!.answer(200, sampleFaq('b', { version: 3 }))
    await back
    expect(told()[1]).toBe('done: “Question b?” is answered from again.')
  })

  it('is sent once however often it is pressed', async () => {
    const store = await loaded()
    const switching = store.setActive(store.items[0]!, false)
    await store.setActive(store.items[0]!, true)
    expect(requests).toHaveLength(2)
    requests[1]!.answer(200, sampleFaq('a', { is_active: false, version: 2 }))
    await switching
    expect(store.items[0]!.is_active).toBe(false)
  })

  it('is taken back when it fails', async () => {
    const store = await loaded()
    const switching = store.setActive(store.items[0]!, false)
    ;(await request(1)).answer(503, refusal('UNAVAILABLE'))
    await switching
    expect([store.items[0]!.is_active, store.busy]).toEqual([true, []])
    expect(told()).toEqual(['failed: Please try again.'])
  })

  it('shows the version of somebody else instead of overwriting it', async () => {
    const store = await loaded()
    const switching = store.setActive(store.items[0]!, false)
    ;(await request(1)).answer(409, refusal('CONFLICT', { current: sampleFaq('a', { answer: 'Theirs.', version: 4 }) }))
    await switching
    expect(store.items[0]).toMatchObject({ answer: 'Theirs.', version: 4, is_active: true })
    expect(told()).toEqual(['failed: “Question a?” was changed by somebody else. You now see theirs; nothing of it was overwritten.'])
  })

  it('drops a FAQ that somebody else has deleted', async () => {
    const store = await loaded()
    const switching = store.setActive(store.items[1]!, false)
    ;(await request(1)).answer(404, refusal('NOT_FOUND'))
    await switching
    expect([shown(), store.total]).toEqual(['ac', 2])
  })
})

describe('deleting a FAQ', () => {
  it('takes it out of the list once the server has', async () => {
    const store = await loaded()
    const removing = store.remove(store.items[1]!)
    expect(shown()).toBe('abc')
    const sent = await request(1)
    expect([sent.method, sent.path]).toEqual(['DELETE', '/api/admin/faqs/id-b'])
    sent.answer(204)
    await removing
    expect([shown(), store.total]).toEqual(['ac', 2])
  })

  it('keeps it in the list when the server refuses', async () => {
    const store = await loaded()
    const removing = store.remove(store.items[1]!)
    ;(await request(1)).answer(403, refusal('FORBIDDEN'))
    await removing
    expect([shown(), store.total]).toEqual(['abc', 3])
    expect(told()).toEqual(['failed: Please try again.'])
  })

  async function deleted() {
    const store = await loaded()
    const removing = store.remove({ ...store.items[1]!, phrasings: ['Or so?'], order: 7, is_active: false })
    ;(await request(1)).answer(204)
    await removing
    const notices = useAdminNotices()
    expect(notices.notices[0]).toMatchObject({ text: '“Question b?” is deleted.', action: { label: 'Undo' } })
    notices.notices[0]!.action!.run()
    return store
  }

  it('can be undone: it comes back as it was, where it was', async () => {
    const store = await deleted()
    const made = await request(2)
    expect([made.method, made.path]).toEqual(['POST', '/api/admin/faqs'])
    expect(made.body).toEqual({ question: 'Question b?', answer: 'Answer b.', phrasings: ['Or so?'], order: 7, is_active: false })
    made.answer(201, sampleFaq('B'))
    await vi.waitFor(() => expect(shown()).toBe('aBc'))
    expect(store.total).toBe(3)
    expect(told()[1]).toBe('done: “Question b?” is back.')
  })

  it('says so when it cannot be undone', async () => {
    await deleted()
    ;(await request(2)).answer(409, refusal('CONFLICT'))
    await vi.waitFor(() => expect(told()[1]).toBe('failed: “Question b?” could not be brought back. Please try again.'))
    expect(shown()).toBe('ac')
  })
})
