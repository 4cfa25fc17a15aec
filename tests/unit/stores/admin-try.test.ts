import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminTry } from '~/stores/admin-try'
import type { TryResult } from '#shared/contracts/admin-faqs'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const result = (more: Partial<TryResult> = {}): TryResult => ({
  decision: 'answer', outcome: 'answer', reason: 'It is sure.', score: 0.9, reply: 'Yes.', candidates: [], strictness: 'balanced', used_encoder: true, duration_ms: 4, ...more,
})

async function ask(question: string, told: TryResult = result()) {
  const store = useAdminTry()
  const asking = store.ask(question)
  requests.at(-1)!.answer(200, told)
  await asking
  return store
}

describe('trying a question', () => {
  it('shows what the bot would do and keeps it with what was asked before', async () => {
    const store = useAdminTry()
    const asking = store.ask('May we bring a dog?')
    expect([store.isAsking, store.asked]).toEqual([true, 'May we bring a dog?'])
    const sent = await request(0)
    expect([sent.method, sent.path, sent.body]).toEqual(['POST', '/api/admin/faqs/try', { question: 'May we bring a dog?' }])
    sent.answer(200, result())
    await asking
    expect([store.isAsking, store.result?.reply, store.failure]).toEqual([false, 'Yes.', null])
    expect(store.history).toEqual([{ question: 'May we bring a dog?', outcome: 'answer', score: 0.9 }])
  })

  it('keeps the last twelve, the newest first, each once with its newest outcome', async () => {
    for (let number = 1; number <= 13; number++) await ask(`Question ${number}`)
    const store = await ask('Question 5', result({ outcome: 'fallback', score: null }))
    expect(store.history).toHaveLength(12)
    expect(store.history[0]).toEqual({ question: 'Question 5', outcome: 'fallback', score: null })
    expect(store.history.map(entry => entry.question)).toEqual(['Question 5', ...[13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map(number => `Question ${number}`)])
  })

  it('tells a refusal, shows no older result beside it, and remembers nothing of it', async () => {
    const store = await ask('First')
    const asking = store.ask('')
    ;(await request(1)).answer(400, refusal('VALIDATION_ERROR', { details: [{ path: 'question', message: 'Write a question.' }] }))
    await asking
    expect([store.result, store.failure?.fields, store.isAsking]).toEqual([null, { question: 'Write a question.' }, false])
    expect(store.history).toHaveLength(1)
    const again = store.ask('Second')
    expect(store.failure).toBeNull()
    ;(await request(2)).answer(200, result())
    await again
  })

  it('drops an answer that a later question has overtaken, a refusal too', async () => {
    const store = useAdminTry()
    const overtaken = [store.ask('First'), store.ask('Second')]
    const last = store.ask('Third')
    ;(await request(0)).answer(200, result({ reply: 'Old.' }))
    requests[1]!.cutOff()
    await Promise.all(overtaken)
    expect([store.isAsking, store.result, store.failure]).toEqual([true, null, null])
    requests[2]!.answer(200, result({ reply: 'New.' }))
    await last
    expect([store.isAsking, store.result?.reply, store.history.length]).toEqual([false, 'New.', 1])
  })
})
