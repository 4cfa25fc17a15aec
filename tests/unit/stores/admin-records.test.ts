import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminNotices } from '~/stores/admin-notices'
import { useAdminAudit, useAdminConversations, useAdminFeedback } from '~/stores/admin-records'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const page = (names: string, next_cursor: string | null = null) => ({ items: [...names].map(id => ({ id })), next_cursor })

describe.each([
  ['conversations', useAdminConversations, '/api/admin/conversations'],
  ['feedback', useAdminFeedback, '/api/admin/feedback'],
  ['changes', useAdminAudit, '/api/admin/audit'],
])('the list of %s', (_, useRecords, path) => {
  const shown = () => useRecords().items.map(item => item.id).join('')

  async function loaded(names = 'abc', next: string | null = null) {
    const store = useRecords()
    const loading = store.load({ from: '2026-11-01' })
    ;(await request(0)).answer(200, page(names, next))
    await loading
    return store
  }

  it('asks for what fits the filters, without those that are not set', async () => {
    const store = useRecords()
    expect(store.state).toBe('loading')
    const loading = store.load({ from: '2026-11-01', to: undefined, value: '' })
    expect([(await request(0)).path, requests[0]!.query]).toEqual([path, { from: '2026-11-01' }])
    requests[0]!.answer(200, page('ab', 'after-b'))
    await loading
    expect([store.state, shown(), store.nextCursor]).toEqual(['ready', 'ab', 'after-b'])
  })

  it('drops an answer that a later call has overtaken, a refusal too', async () => {
    const store = useRecords()
    const overtaken = [store.load({ customer: 'a' }), store.load({ customer: 'an' })]
    const last = store.load({ customer: 'ann' })
    ;(await request(2)).answer(200, page('c'))
    await last
    requests[0]!.answer(200, page('a'))
    requests[1]!.cutOff()
    await Promise.all(overtaken)
    expect([store.state, shown()]).toEqual(['ready', 'c'])
  })

  it('tells why it cannot be shown, and shows it after another try', async () => {
    const store = useRecords()
    const loading = store.load({ from: '2026-11-01' })
    ;(await request(0)).answer(403, refusal('FORBIDDEN'))
    await loading
    expect([store.state, store.failure?.status, store.failure?.requestId]).toEqual(['failed', 403, 'request-1'])
    const again = store.reload()
    expect(store.state).toBe('loading')
    expect((await request(1)).query).toEqual({ from: '2026-11-01' })
    requests[1]!.answer(200, page('a'))
    await again
    expect([store.state, store.failure]).toEqual(['ready', null])
  })

  it('stays in sight while the same filters are asked again, and not with others', async () => {
    const store = await loaded()
    const same = store.load({ from: '2026-11-01' })
    expect(store.state).toBe('ready')
    const other = store.load({ from: '2026-11-02' })
    expect(store.state).toBe('loading')
    ;(await request(1)).answer(200, page('x'))
    ;(await request(2)).answer(200, page('y'))
    await Promise.all([same, other])
    expect(shown()).toBe('y')
  })

  it('grows by the next page once, without what has moved into it', async () => {
    const store = await loaded('abc', 'after-c')
    const growing = store.loadMore()
    await store.loadMore()
    expect((await request(1)).query).toEqual({ from: '2026-11-01', cursor: 'after-c' })
    expect([requests.length, store.isGrowing]).toEqual([2, true])
    requests[1]!.answer(200, page('cde'))
    await growing
    expect([shown(), store.nextCursor, store.isGrowing]).toEqual(['abcde', null, false])
    await store.loadMore()
    expect(requests).toHaveLength(2)
  })

  it('keeps what it shows when the next page fails', async () => {
    const store = await loaded('abc', 'after-c')
    const growing = store.loadMore()
    ;(await request(1)).answer(503, refusal('UNAVAILABLE'))
    await growing
    expect([shown(), store.state, store.isGrowing, store.nextCursor]).toEqual(['abc', 'ready', false, 'after-c'])
    expect(useAdminNotices().notices).toMatchObject([{ kind: 'failed', text: 'Please try again.' }])
  })

  it('does not add the next page of a list that is no longer shown', async () => {
    const store = await loaded('abc', 'after-c')
    const growing = store.loadMore()
    const loading = store.load({ from: '2026-11-02' })
    ;(await request(2)).answer(200, page('x'))
    await loading
    requests[1]!.answer(200, page('d'))
    await growing
    expect(shown()).toBe('x')
  })
})
