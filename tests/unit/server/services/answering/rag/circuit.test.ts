import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { breakerOf, circuitOf, forgetCircuit, throughCircuit } from '#server/services/answering/rag/circuit'
import type { RagOutcome, RagSettings } from '#server/services/answering/rag/rag-client'

const settings: RagSettings = { format: 'plain', url: 'http://rag/ask', key: null, feedbackUrl: null, model: null, systemPrompt: null, timeoutMs: 500, maxInFlight: 2 }
const down: RagOutcome = { kind: 'failed', reason: 'status 500', status: 500, costly: true }
const wrong: RagOutcome = { kind: 'failed', reason: 'status 401', status: 401, costly: false }
const answer: RagOutcome = { kind: 'answer', text: 'Yes.', citations: [], remote: null, status: 200 }

const ask = (outcome: RagOutcome | Promise<RagOutcome>, most = 2) => throughCircuit(circuitOf(settings), most, async () => outcome)
const state = () => breakerOf(circuitOf(settings)).state

beforeEach(() => {
  vi.useFakeTimers()
  forgetCircuit()
})
afterEach(() => vi.useRealTimers())

async function open() {
  for (let n = 0; n < 5; n++) await ask(down)
}

describe('the circuit breaker', () => {
  it('opens after five costly failures in a row, and then nobody waits', async () => {
    await open()
    expect(state()).toBe('open')
    const never = vi.fn()
    expect(await throughCircuit(circuitOf(settings), 2, never)).toEqual({ kind: 'skipped', reason: 'the circuit breaker is open' })
    expect(never).not.toHaveBeenCalled()
  })

  it('does not open over wrong settings, nor while an answer comes between', async () => {
    for (let n = 0; n < 20; n++) await ask(wrong)
    for (let n = 0; n < 20; n++) await ask(n % 5 === 4 ? answer : down)
    expect(state()).toBe('closed')
  })

  it('lets one question try after a pause and closes when that is answered', async () => {
    await open()
    vi.advanceTimersByTime(6_000)
    expect(await ask(answer)).toEqual(answer)
    expect(state()).toBe('closed')
  })

  it('is as long as it is, whatever somebody sets the clock to meanwhile', async () => {
    await open()
    vi.setSystemTime(Date.now() + 5 * 3_600_000)
    expect((await ask(answer)).kind).toBe('skipped')
    vi.setSystemTime(Date.now() - 10 * 3_600_000)
    vi.advanceTimersByTime(6_000)
    expect(await ask(answer)).toEqual(answer)
  })

  it('lets nobody wait for the question that tries, and that one only a moment', async () => {
    await open()
    vi.advanceTimersByTime(6_000)
    let end = (_: RagOutcome) => {}
    const tried = ask(new Promise<RagOutcome>(resolve => end = resolve))
    expect(state()).toBe('half_open')
    expect(await ask(answer)).toEqual({ kind: 'skipped', reason: 'the RAG API is being tried again' })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await tried).toMatchObject({ kind: 'skipped' })
    end(down)
    await vi.advanceTimersByTimeAsync(0)
    expect(state()).toBe('open')
    // The second pause is longer.
    vi.advanceTimersByTime(6_000)
    expect((await ask(answer)).kind).toBe('skipped')
    vi.advanceTimersByTime(6_000)
    expect((await ask(answer)).kind).toBe('answer')
  })

  it('starts afresh with other settings', async () => {
    await open()
    expect(breakerOf(circuitOf({ ...settings, url: 'http://other/ask' })).state).toBe('closed')
  })
})

describe('questions in flight', () => {
  it('are at most so many; the next falls back at once', async () => {
    let end = (_: RagOutcome) => {}
    const hanging = new Promise<RagOutcome>(resolve => end = resolve)
    const first = [ask(hanging), ask(hanging)]
    expect(await ask(answer)).toEqual({ kind: 'skipped', reason: '2 questions are being asked already' })
    end(answer)
    await Promise.all(first)
    expect(await ask(answer)).toEqual(answer)
  })
})
