import { describe, expect, it } from 'vitest'
import { createProgress, duration } from '../../../../scripts/lib/progress.mjs'

function recorder(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, write: (text: string) => written.push(text), text: () => written.join('') }
}

describe('telling how far it is', () => {
  it('writes plain numbered lines into a log', async () => {
    const stream = recorder(false)
    let clock = 0
    const progress = createProgress(2, { stream: stream as unknown as typeof process.stdout, now: () => clock })
    await progress.step('Installing the packages', async () => {
      clock = 43_000
    }, { hint: 'about a minute' })
    progress.last('Starting the server')
    expect(stream.text()).toBe('1/2 Installing the packages (about a minute) …\n    done in 43 s\n2/2 Starting the server …\n')
  })

  it('tells of a failure and passes it on', async () => {
    const stream = recorder(false)
    const progress = createProgress(1, { stream: stream as unknown as typeof process.stdout })
    await expect(progress.step('Building', async () => {
      throw new Error('no')
    })).rejects.toThrow('no')
    expect(stream.text()).toContain('failed after')
  })

  it('redraws one line on a terminal and leaves a tick', async () => {
    const stream = recorder(true)
    await createProgress(1, { stream: stream as unknown as typeof process.stdout }).step('Building the site', async () => {})
    expect(stream.text().endsWith('\r\u001B[2K✓ 1/1 Building the site: 0.0 s\n')).toBe(true)
  })

  it.each([[100, '0.1 s'], [4_400, '4 s'], [64_000, '1 min 4 s'], [600_000, '10 min 0 s']])('says %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})
