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
  error.stack += '\n    at there (https://site.example/_nuxt/a.js:1:20)'.repeat(100)
  reportError(error)
  reportError(error)
  reportError('just words')
  expect(sent).toEqual([{ message: 'x'.repeat(500), stack: expect.stringContaining('a.js:1:20'), page: '/my-plan' }, { message: 'just words', page: '/my-plan' }])
  expect(sent[0]!.stack!.length).toBe(2000)
})

it('sends the kind of the error and its places, but nothing that somebody wrote, no query and no key', async () => {
  const { reportError } = await import('~/composables/report-error')
  vi.stubGlobal('location', { pathname: '/reset-password', search: '?token=hunter2', hash: '#hunter2', href: 'https://site.example/reset-password?token=hunter2#hunter2' })
  const key = ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc0aB'].join('-')
  const messages = [
    'Unexpected token \'M\', "My mother must not know" is not valid JSON',
    `[POST] "/api/chatbot/messages?q=hunter2": 401 with ${key}\nMy mother must not know at 10:30:15`,
    'Nobody at anna@example.com or +30 694 123 4567, card 4111 1111 1111 1111, https://site.example/?q=hunter2#hunter2',
    '‘x’ «η μητέρα μου» “my mother” `my mother must not know` \u0007\u001B[31m',
  ]
  for (const message of messages) {
    const error = new SyntaxError(message)
    error.stack = `SyntaxError: ${message}\n    at parse (https://site.example/_nuxt/a.js?key=hunter2:1:20)\n    at Array.map (<anonymous>)\nsend@https://site.example/_nuxt/b.js:3:4`
    reportError(error)
  }
  expect(sent.map(({ message }) => message)).toEqual([
    'Unexpected token \'M\', "…" is not valid JSON',
    '[POST] "…": 401 with …',
    'Nobody at … or …, card …, https://site.example/',
    '‘x’ "…" "…" "…"   [31m',
  ])
  for (const { stack, page } of sent) expect([stack, page]).toEqual(['    at parse (https://site.example/_nuxt/a.js:1:20)\n    at Array.map (<anonymous>)\nsend@https://site.example/_nuxt/b.js:3:4', '/reset-password'])
  expect(JSON.stringify(sent)).not.toMatch(/mother|μητέρα|hunter2|anna|694|4111|sk-live/)
})

it('stops after five of a page', async () => {
  const { reportError } = await import('~/composables/report-error')
  for (let n = 0; n < 9; n++) reportError(`number ${n}`)
  expect(sent.map(({ message }) => message)).toEqual(['number 0', 'number 1', 'number 2', 'number 3', 'number 4'])
})
