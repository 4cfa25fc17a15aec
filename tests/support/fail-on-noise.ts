import { isIP, Socket } from 'node:net'
import { afterEach, beforeEach } from 'vitest'

/*
 * A test that writes an unexpected console.error or console.warn, or reaches for another machine, fails: both are
 * how a mistake first shows. `allowNoise(/…/)` from ./noise says which line a test means to provoke.
 */
const state = globalThis as typeof globalThis & { __noise?: { heard: string[], allowed: RegExp[] } }
const noise = state.__noise ??= { heard: [], allowed: [] }

function record(kind: string) {
  return (...parts: unknown[]) => {
    noise.heard.push(`${kind}: ${parts.map(part => part instanceof Error ? part.stack : typeof part === 'string' ? part : JSON.stringify(part)).join(' ')}`)
  }
}
console.error = record('console.error')
console.warn = record('console.warn')

/** Hosts a test may talk to: this machine, and the PostgreSQL of the tests. */
const databaseHost = process.env.TEST_DATABASE_URL ? new URL(process.env.TEST_DATABASE_URL).hostname : ''
export function isOwnMachine(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === '' || name === 'localhost' || name.endsWith('.localhost') || name === databaseHost) return true
  return (isIP(name) === 4 && name.startsWith('127.')) || name === '::1' || name === '::ffff:127.0.0.1'
}

type ConnectArgs = Parameters<Socket['connect']>
const connect = Socket.prototype.connect
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  // net passes its normalised arguments on as one array: [options, callback].
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const host = typeof first === 'object' && first !== null
    ? ((first as { path?: string }).path ? '' : (first as { host?: string }).host ?? '')
    : typeof args[1] === 'string' ? args[1] : ''
  if (!isOwnMachine(host)) {
    noise.heard.push(`network: a test tried to connect to ${host}`)
    queueMicrotask(() => this.destroy(new Error(`Tests stay on this machine: ${host} is out of bounds.`)))
    return this
  }
  return connect.apply(this, args as unknown as ConnectArgs)
} as typeof connect

const realFetch = globalThis.fetch
globalThis.fetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
  const url = input instanceof Request ? input.url : String(input)
  let host: string
  try {
    host = new URL(url).hostname
  }
  catch {
    host = `a page-relative address (${url})`
  }
  if (!isOwnMachine(host)) {
    noise.heard.push(`network: fetch of ${url}`)
    throw new TypeError(`Tests stay on this machine: ${url} is out of bounds. Stub fetch, or pass a transport.`)
  }
  return realFetch(input, init)
}) as typeof fetch

beforeEach(() => {
  noise.heard.length = 0
  noise.allowed.length = 0
})
afterEach(() => {
  const unexpected = noise.heard.filter(line => !noise.allowed.some(pattern => pattern.test(line)))
  noise.heard.length = 0
  if (unexpected.length) throw new Error(`Unexpected noise in a test:\n${unexpected.join('\n')}`)
})
