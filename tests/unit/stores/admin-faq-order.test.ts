import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sampleFaq } from '../../support/admin-samples'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminFaqOrder } from '~/stores/admin-faq-order'
import { useAdminFaqs } from '~/stores/admin-faqs'
import { useAdminNotices } from '~/stores/admin-notices'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))
afterEach(() => {
  vi.useRealTimers()
})

const shown = () => useAdminFaqs().items.map(faq => faq.id.slice('id-'.length)).join('')
const ids = (names: string) => [...names].map(name => `id-${name}`)

function listed(names = 'abcde') {
  useAdminFaqs().items = [...names].map((name, order) => sampleFaq(name, { order: order * 10 }))
  return useAdminFaqOrder()
}

describe('moving a FAQ', () => {
  it('shows at once and says where it stands now', () => {
    const order = listed()
    order.move(0, 2)
    expect(shown()).toBe('bcade')
    expect(order.announcement).toBe('Question a? Place 3 of 5.')
    order.move(4, 0)
    expect(shown()).toBe('ebcad')
  })

  it.each([[0, -1], [4, 5], [2, 2], [7, 0]])('from %d to %d changes nothing', async (from, to) => {
    const order = listed()
    order.move(from, to)
    await order.save()
    expect([shown(), order.announcement, requests.length]).toEqual(['abcde', '', 0])
  })

  it('can be cancelled before it is stored', async () => {
    const order = listed()
    order.move(0, 2)
    order.move(2, 4)
    order.cancel()
    expect([shown(), order.announcement]).toEqual(['abcde', 'Put back.'])
    await order.save()
    expect(requests).toHaveLength(0)
  })

  it('is put back before FAQs that the list has grown by meanwhile', () => {
    const order = listed('abc')
    order.move(2, 0)
    useAdminFaqs().items.push(sampleFaq('d'), sampleFaq('e'))
    order.cancel()
    expect(shown()).toBe('abcde')
  })

  it('leaves nothing to cancel where nothing was moved', () => {
    const order = listed()
    order.cancel()
    expect(order.announcement).toBe('')
  })
})

describe('storing the order', () => {
  it('sends the part that moved and takes over the new places', async () => {
    const order = listed()
    order.move(1, 3)
    const saving = order.save()
    const sent = await request(0)
    expect([sent.method, sent.path, sent.body]).toEqual(['POST', '/api/admin/faqs/order', { ids: ids('cdb') }])
    sent.answer(200, { items: [{ id: 'id-c', order: 10 }, { id: 'id-d', order: 20 }, { id: 'id-b', order: 30 }] })
    await saving
    expect(useAdminFaqs().items.map(faq => faq.order)).toEqual([0, 10, 20, 30, 40])
    await order.save()
    expect(requests).toHaveLength(1)
  })

  it('sends nothing when a FAQ has come back to its place', async () => {
    const order = listed()
    order.move(1, 3)
    order.move(3, 1)
    await order.save()
    expect(requests).toHaveLength(0)
  })

  it('sends one request for several presses of an arrow key, after a pause', async () => {
    vi.useFakeTimers()
    const order = listed()
    for (const from of [0, 1, 2]) {
      order.move(from, from + 1)
      order.saveSoon()
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(requests).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(200)
    expect(requests.map(sent => sent.body)).toEqual([{ ids: ids('bcda') }])
  })

  it('sends nothing after the pause when the move was cancelled', async () => {
    vi.useFakeTimers()
    const order = listed()
    order.move(0, 1)
    order.saveSoon()
    order.cancel()
    await vi.advanceTimersByTimeAsync(5000)
    expect(requests).toHaveLength(0)
  })

  it('sends one move after the other, because the second counts from the first', async () => {
    const order = listed()
    order.move(0, 1)
    const first = order.save()
    order.move(4, 3)
    const second = order.save()
    ;(await request(0)).answer(200, { items: [] })
    await first
    expect((await request(1)).body).toEqual({ ids: ids('ed') })
    requests[1]!.answer(200, { items: [] })
    await second
  })

  it('tells a failure and shows the order that is stored', async () => {
    const order = listed('abc')
    order.move(0, 1)
    const saving = order.save()
    ;(await request(0)).answer(409, refusal('CONFLICT'))
    const reload = await request(1)
    expect([reload.method, reload.path]).toEqual(['GET', '/api/admin/faqs'])
    reload.answer(200, { items: [sampleFaq('a'), sampleFaq('b'), sampleFaq('c')], next_cursor: null, total: 3 })
    await saving
    expect(shown()).toBe('abc')
    expect(useAdminNotices().notices.map(notice => notice.text)).toEqual(['The new order is not stored. Please try again.'])
    order.cancel()
    expect(shown()).toBe('abc')
  })

  it('goes on with the next move after a failure', async () => {
    const order = listed('abc')
    order.move(0, 1)
    const failing = order.save()
    ;(await request(0)).cutOff()
    ;(await request(1)).answer(200, { items: [sampleFaq('a'), sampleFaq('b'), sampleFaq('c')], next_cursor: null, total: 3 })
    await failing
    order.move(2, 1)
    const saving = order.save()
    expect((await request(2)).body).toEqual({ ids: ids('cb') })
    requests[2]!.answer(200, { items: [{ id: 'id-c', order: 5 }] })
    await saving
    expect(useAdminFaqs().items[1]).toMatchObject({ id: 'id-c', order: 5 })
  })
})
