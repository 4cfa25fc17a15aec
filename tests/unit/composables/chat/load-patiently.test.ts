import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadPatiently } from '~/composables/chat/load-patiently'

const window = new EventTarget()
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', window)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const network = (onLine: boolean) => vi.stubGlobal('navigator', { onLine })

describe('loading a part of the chat', () => {
  it('waits for the network when there is none, however long', async () => {
    network(false)
    const load = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue('widget')
    const loaded = loadPatiently(load)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(load).toHaveBeenCalledTimes(1)
    network(true)
    window.dispatchEvent(new Event('online'))
    await expect(loaded).resolves.toBe('widget')
  })

  it('tries three times more after another failure, then says what it was', async () => {
    network(true)
    const load = vi.fn().mockRejectedValue(new Error('404'))
    const loaded = loadPatiently(load)
    const refused = expect(loaded).rejects.toThrow('404')
    await vi.advanceTimersByTimeAsync(21_000)
    await refused
    expect(load).toHaveBeenCalledTimes(4)
  })
})
