import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const sent: { message: string, stack?: string, page: string }[] = []
beforeEach(() => {
  vi.resetModules()
  sent.length = 0
  vi.stubGlobal('location', { pathname: '/my-plan' })
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)))
    throw new TypeError('offline')
  })
})
afterEach(() => vi.unstubAllGlobals())

it('tells of an error once, cut to size, and never fails itself', async () => {
  const { reportError } = await import('~/composables/report-error')
  const error = new Error('x'.repeat(2000))
  reportError(error)
  reportError(error)
  reportError('just words')
  expect(sent).toEqual([{ message: 'x'.repeat(500), stack: expect.stringContaining('Error: xxx'), page: '/my-plan' }, { message: 'just words', page: '/my-plan' }])
  expect(sent[0]!.stack!.length).toBe(2000)
})

it('stops after five of a page', async () => {
  const { reportError } = await import('~/composables/report-error')
  for (let n = 0; n < 9; n++) reportError(`number ${n}`)
  expect(sent.map(({ message }) => message)).toEqual(['number 0', 'number 1', 'number 2', 'number 3', 'number 4'])
})
