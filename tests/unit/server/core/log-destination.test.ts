import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LogDestination } from '#server/core/log-destination'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A place whose mood can be set: the code it refuses with, and how many bytes it takes at once. */
function place() {
  const state = { refuses: null as string | null, atOnce: Infinity, text: '', pieces: [] as number[], leftOut: [] as number[] }
  const destination = new LogDestination({
    take: (piece) => {
      if (state.refuses) throw Object.assign(new Error('no'), { code: state.refuses })
      const taken = piece.subarray(0, state.atOnce)
      state.text += taken.toString('latin1')
      state.pieces.push(taken.length)
      return taken.length
    },
    onTakenAgain: count => state.leftOut.push(count),
  })
  const log = pino({ base: undefined, level: 'trace', formatters: { level: label => ({ level: label }) } }, destination)
  const messages = () => Buffer.from(state.text, 'latin1').toString().split('\n').filter(Boolean).map(line => (JSON.parse(line) as { msg: string }).msg)
  return { state, destination, log, messages }
}

describe('lines that are gathered', () => {
  it('are written together after a moment', () => {
    const { destination, log, messages } = place()
    destination.gather()
    log.info('one')
    log.info('two')
    expect(messages()).toEqual([])
    vi.advanceTimersByTime(100)
    expect(messages()).toEqual(['one', 'two'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('do not wait with a warning, nor when they are many; none is lost, doubled or out of order', () => {
    const { destination, log, state, messages } = place()
    destination.gather()
    log.info('before')
    log.warn('this')
    expect(messages()).toEqual(['before', 'this'])
    log.info('after')
    expect(messages()).toHaveLength(2)
    const texts = Array.from({ length: 200 }, (_, n) => `line ${n} ${'ξ'.repeat(n)}`)
    for (const text of texts) log.info(text)
    expect(messages().length).toBeGreaterThan(150)
    vi.advanceTimersByTime(100)
    expect(messages()).toEqual(['before', 'this', 'after', ...texts])
    expect(Math.max(...state.pieces), 'what a pipe takes whole').toBeLessThanOrEqual(4_096)
  })

  it('are written at the end of the process', () => {
    const { destination, log, messages } = place()
    destination.gather()
    log.info('last words')
    destination.flushSync()
    expect(messages()).toEqual(['last words'])
  })
})

it('writes each line at once where nothing is gathered', () => {
  const { log, messages } = place()
  log.info('one')
  expect(messages()).toEqual(['one'])
})

describe('a place that takes nothing', () => {
  it.each(['ENOSPC', 'EAGAIN', 'EIO'])('for a while (%s) gets every line afterwards, whole and in order', (code) => {
    const { state, log, messages } = place()
    log.info('one')
    state.refuses = code
    log.warn('two')
    log.fatal('three')
    vi.advanceTimersByTime(1_000)
    expect(messages()).toEqual(['one'])
    state.refuses = null
    vi.advanceTimersByTime(100)
    expect(messages()).toEqual(['one', 'two', 'three'])
    expect(state.leftOut).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not fill the memory: what is too much is left out and counted', () => {
    const { state, log, messages } = place()
    state.refuses = 'ENOSPC'
    for (let n = 0; n < 1_500; n++) log.info(`${n} ${'x'.repeat(1_000)}`)
    state.refuses = null
    vi.advanceTimersByTime(100)
    const kept = messages().length
    expect(kept).toBeGreaterThan(900)
    expect(kept).toBeLessThan(1_000)
    expect(state.leftOut).toEqual([1_500 - kept])
    expect(messages().map(text => Number(text.split(' ')[0]))).toEqual(Array.from({ length: kept }, (_, n) => n))
    log.info('goes on')
    expect(messages().at(-1)).toBe('goes on')
    expect(state.leftOut).toHaveLength(1)
  })

  it('ends no process and keeps none from ending', () => {
    vi.useRealTimers()
    const { state, destination, log, messages } = place()
    state.refuses = 'ENOSPC'
    log.fatal('nobody hears')
    destination.flushSync()
    state.refuses = null
    destination.flush()
    expect(messages()).toEqual(['nobody hears'])
  })
})

it('a reader that takes a few bytes at a time gets all of them', () => {
  const { state, log, messages } = place()
  state.atOnce = 7
  log.info('καλημέρα')
  log.warn('two')
  expect(messages()).toEqual(['καλημέρα', 'two'])
})

it('nothing is kept for a reader who has gone', () => {
  const { state, destination, log } = place()
  state.refuses = 'EPIPE'
  log.info('one')
  state.refuses = null
  log.warn('two')
  destination.flush()
  expect(state.text).toBe('')
  expect(vi.getTimerCount()).toBe(0)
})
