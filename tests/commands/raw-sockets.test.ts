import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClient } from '../support/api-client'
import { Workshop } from '../support/server-process'

/*
 * What no HTTP library would send, to the built server. How long it waits for slow headers (15 s) and bodies (30 s) is set
 * in server/entry/serve.ts. A run of the tests does not wait for that; with SLOW_SOCKETS=1 one does (a minute).
 */
const workshop = new Workshop()
let origin: string
beforeAll(async () => {
  origin = await workshop.launch({ env: { RATE_LIMITS: 'off' } }).ready()
}, 180_000)
afterAll(() => workshop.tidy())

/** Writes the pieces, each after the one before has been taken; gives what came back until the server closed, or `enough` came. */
function talk(pieces: (string | Buffer)[], { everyMs = 0, enough, until }: { everyMs?: number, enough?: RegExp, until?: AbortSignal } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const socket = connect({ host: hostname, port: Number(port) })
    let heard = ''
    let timer: NodeJS.Timeout | undefined
    const write = (at: number) => {
      if (socket.destroyed || at >= pieces.length) return
      // A server that has had enough resets; what it said before counts.
      socket.write(pieces[at]!, () => {
        timer = setTimeout(write, everyMs, at + 1)
      })
    }
    until?.addEventListener('abort', () => socket.destroy(), { once: true })
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text
      if (enough?.test(heard)) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) reject(error)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(heard)
    })
    socket.on('connect', () => write(0))
  })
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const stillAnswers = async () => expect((await createTestClient(origin).get('/api/health/live')).status).toBe(200)
const post = (headers: string, body = '') => `POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`
const AFTER_CLOSE = 'Connection: close'

describe('the built server', () => {
  it.each([
    ['headers of 100 KB', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(100_000)}\r\n\r\n`, [431]],
    ['10,000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(10_000)}\r\n`, [431]],
    ['an address of 100 KB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [414, 431]],
    ['a cookie of 60 KB', `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'a=b; '.repeat(12_000)}\r\n\r\n`, [431]],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03hello\r\n\r\n', [400]],
    ['no HTTP at all', 'EHLO mail.example\r\nMAIL FROM:<a@b>\r\n\r\n', [400]],
    ['an unknown method', 'BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n', [400]],
    ['a line end alone in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n', [400]],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n', [400]],
    ['two lengths', post(`Content-Length: 2\r\nContent-Length: 20\r\n${AFTER_CLOSE}`, '{}'), [400]],
    ['a length and chunks (smuggling)', post(`Content-Length: 4\r\nTransfer-Encoding: chunked\r\n${AFTER_CLOSE}`, '0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n'), [400]],
    ['chunks by another name', post(`Transfer-Encoding: xchunked\r\n${AFTER_CLOSE}`, '{}'), [400, 501]],
    ['a negative length', post('Content-Length: -1'), [400]],
    ['a chunk size that is no number', post('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'), [400]],
    ['a chunk size of 2^64', post('Transfer-Encoding: chunked', 'ffffffffffffffffff\r\n{}\r\n'), [400]],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
  ])('refuses %s, and goes on', async (_, bytes, statuses) => {
    const answer = await talk([Buffer.from(bytes, 'latin1')], { enough: /\r\n\r\n/ })
    // A server may also hang up without a word; it must not take it for a request.
    expect([0, ...statuses], answer.slice(0, 200)).toContain(statusOf(answer))
    await stillAnswers()
  })

  it.each([
    ['that says so', post('Content-Length: 100000000', '{'), 413],
    ['that says nothing (chunks)', post('Transfer-Encoding: chunked', `${(70_000).toString(16)}\r\n${' '.repeat(70_000)}\r\n`), 413],
  ])('refuses a body that is too large %s before it has come', async (_, bytes, status) => {
    const answer = await talk([bytes], { enough: /PAYLOAD_TOO_LARGE/ })
    expect(statusOf(answer)).toBe(status)
    expect(answer).toContain('PAYLOAD_TOO_LARGE')
    await stillAnswers()
  })

  it('answers requests sent in one go in their order', async () => {
    const paths = Array.from({ length: 20 }, (_, n) => `/api/health/${n % 2 ? 'live' : 'nowhere'}`)
    const answer = await talk([paths.map((path, n) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${n === 19 ? 'Connection: close\r\n' : ''}\r\n`).join('')])
    expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(match => match[1])).toEqual(paths.map(path => (path.endsWith('live') ? '200' : '404')))
  })

  it('hangs up at garbage behind requests, and goes on', async () => {
    const answer = await talk([`${'GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20)}\0\0garbage\r\n\r\n`])
    expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(match => match[1]).filter(status => !['200', '400'].includes(status!))).toEqual([])
    await stillAnswers()
  })

  const slowOnes = (until?: AbortSignal) => Array.from({ length: 100 }, () => [
    talk(['GET / HTTP/1.1\r\n', ...Array.from({ length: 200 }, () => 'X-A: b\r\n')], { everyMs: 500, until }),
    talk([post('Content-Length: 2000'), ...Array.from({ length: 200 }, () => ' ')], { everyMs: 500, until }),
  ]).flat()

  it('is not held up by 200 connections that send a letter at a time', async () => {
    const stop = new AbortController()
    const slow = slowOnes(stop.signal)
    for (let n = 0; n < 50; n++) await stillAnswers()
    stop.abort()
    await Promise.all(slow)
    await stillAnswers()
  })

  it.runIf(process.env.SLOW_SOCKETS === '1')('ends 200 such connections, headers and bodies alike, within a minute', async () => {
    const answers = await Promise.all(slowOnes())
    expect(answers.filter(answer => ![0, 400, 408].includes(statusOf(answer))).map(answer => answer.slice(0, 200))).toEqual([])
    await stillAnswers()
  }, 150_000)
})
