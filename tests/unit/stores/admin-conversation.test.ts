import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminConversation } from '~/stores/admin-conversation'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const part = (id: string, seqs: number[], next_after: number | null = null) => ({ id, status: 'active', handling: 'bot', messages: seqs.map(seq => ({ id: `m${seq}`, seq })), next_after })
const shown = () => useAdminConversation().conversation?.messages.map(message => message.seq)

async function loaded() {
  const store = useAdminConversation()
  const loading = store.load('one')
  ;(await request(0)).answer(200, part('one', [1, 2], 2))
  await loading
  return store
}

describe('a conversation', () => {
  it('is read from its beginning', async () => {
    const store = useAdminConversation()
    const loading = store.load('one')
    expect(store.isLoading).toBe(true)
    expect([(await request(0)).path, requests[0]!.query]).toEqual(['/api/admin/conversations/one', {}])
    requests[0]!.answer(200, part('one', [1, 2], 2))
    await loading
    expect([store.isLoading, shown(), store.failure]).toEqual([false, [1, 2], null])
  })

  it('goes on after what is there, which stays in sight', async () => {
    const store = await loaded()
    const loading = store.load('one', true)
    expect(shown()).toEqual([1, 2])
    expect((await request(1)).query).toEqual({ after: '2' })
    requests[1]!.answer(200, part('one', [3, 4]))
    await loading
    expect([shown(), store.conversation?.next_after]).toEqual([[1, 2, 3, 4], null])
  })

  it('keeps what is there when the rest fails', async () => {
    const store = await loaded()
    const loading = store.load('one', true)
    ;(await request(1)).cutOff()
    await loading
    expect([shown(), store.failure?.status, store.isLoading]).toEqual([[1, 2], 0, false])
  })

  it('begins anew with another one, even when asked for more', async () => {
    const store = await loaded()
    const loading = store.load('two', true)
    expect(store.conversation).toBeNull()
    expect((await request(1)).query).toEqual({})
    requests[1]!.answer(200, part('two', [1]))
    await loading
    expect([store.conversation?.id, shown()]).toEqual(['two', [1]])
  })

  it('that does not exist is told, without the one before it in sight', async () => {
    const store = await loaded()
    const loading = store.load('gone')
    ;(await request(1)).answer(404, refusal('NOT_FOUND'))
    await loading
    expect([store.conversation, store.failure?.status]).toEqual([null, 404])
  })

  it('is not replaced by an earlier one whose answer comes late, nor by its failure', async () => {
    const store = useAdminConversation()
    const overtaken = [store.load('one'), store.load('two')]
    const last = store.load('three')
    ;(await request(0)).answer(200, part('one', [1]))
    requests[1]!.answer(503, refusal('UNAVAILABLE'))
    await Promise.all(overtaken)
    expect([store.isLoading, store.conversation, store.failure]).toEqual([true, null, null])
    requests[2]!.answer(200, part('three', [1]))
    await last
    expect([store.isLoading, store.conversation?.id]).toEqual([false, 'three'])
  })

  it('that a search found begins a little before that message, and shows earlier ones on demand', async () => {
    const store = useAdminConversation()
    const loading = store.load('one', false, 240)
    expect((await request(0)).query).toEqual({ after: '210' })
    requests[0]!.answer(200, part('one', [211, 212]))
    await loading
    expect([store.hasEarlier, shown()]).toEqual([true, [211, 212]])
    const earlier = store.loadEarlier()
    expect((await request(1)).query).toEqual({ after: '10', limit: '200' })
    requests[1]!.answer(200, part('one', [11, 12], 12))
    await earlier
    expect([shown(), store.hasEarlier, store.conversation?.next_after]).toEqual([[11, 12, 211, 212], true, null])
    const first = store.loadEarlier()
    expect((await request(2)).query).toEqual({ after: '0', limit: '10' })
    requests[2]!.answer(200, part('one', [1], 1))
    await first
    expect(store.hasEarlier).toBe(false)
    await store.loadEarlier()
    expect(requests).toHaveLength(3)
  })

  it('keeps what is there when earlier messages cannot be had', async () => {
    const store = useAdminConversation()
    const loading = store.load('one', false, 240)
    ;(await request(0)).answer(200, part('one', [211]))
    await loading
    const earlier = store.loadEarlier()
    ;(await request(1)).cutOff()
    await earlier
    expect([shown(), store.failure?.status, store.isLoading]).toEqual([[211], 0, false])
  })

  it('in which somebody waits for a person is opened at its end', async () => {
    const store = useAdminConversation()
    const loading = store.load('one')
    ;(await request(0)).answer(200, { ...part('one', [1, 2], 2), handling: 'waiting', message_count: 500 })
    expect((await request(1)).query).toEqual({ after: '470' })
    requests[1]!.answer(200, { ...part('one', [471, 500]), handling: 'waiting', message_count: 500 })
    await loading
    expect([shown(), store.hasEarlier]).toEqual([[471, 500], true])
  })
})
