import type { Dispatcher } from 'undici'
import type { RagCall } from '../rag-client'
import type { Deadline } from './deadline'
import { ragDispatcher } from './dispatcher'
import { isConnectionLost, RagFailure, toRagFailure } from './rag-failure'
import { readLimited } from './read-limited'

const MAX_REDIRECTS = 2
const REDIRECTS = new Set([301, 302, 307, 308])
const RETRIED = new Set([502, 503, 504])
/** Long enough for a proxy to find the next worker, short beside any deadline. */
const RETRY_PAUSE_MS = 200

export interface HttpAnswer { status: number, body: string }

export interface ExchangeOptions {
  headers: Record<string, string>
  deadline: Deadline
  dispatcher?: Dispatcher
}

/**
 * Posts JSON and reads the whole answer within the deadline. Once more after a refused or reset connection or a
 * 502/503/504 when half of the time is left. Throws `RagFailure`, or what the deadline was ended with.
 */
export async function postJson(call: RagCall, options: ExchangeOptions): Promise<HttpAnswer> {
  const { deadline } = options
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await follow(call, options)
      if (attempt > 1 || !RETRIED.has(answer.status) || !deadline.hasHalfLeft()) return answer
    }
    catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason
      if (attempt > 1 || !isConnectionLost(error) || !deadline.hasHalfLeft()) throw toRagFailure(error)
    }
    await deadline.pause(RETRY_PAUSE_MS)
  }
}

/** Follows redirects on the same origin, where the key may go; each as the same POST, which is what 301 and 302 of a path mean here. */
async function follow(call: RagCall, options: ExchangeOptions): Promise<HttpAnswer> {
  let url = new URL(call.url)
  for (let hops = 0; ; hops++) {
    const { location, ...answer } = await post(url, call.body, options)
    if (answer.status < 300 || answer.status > 399) return answer
    if (!REDIRECTS.has(answer.status) || !location || !URL.canParse(location, url)) return answer
    const next = new URL(location, url)
    if (next.origin !== url.origin) throw new RagFailure('it redirects to another origin: put that address into the settings', { costly: false })
    if (hops === MAX_REDIRECTS) throw new RagFailure('it redirects more than twice', { costly: false })
    url = next
  }
}

async function post(url: URL, body: unknown, { headers, deadline, dispatcher }: ExchangeOptions): Promise<HttpAnswer & { location: string | null }> {
  const { request } = await import('undici')
  const response = await request(url, {
    method: 'POST',
    dispatcher: dispatcher ?? await ragDispatcher(),
    signal: deadline.signal,
    headers: { 'content-type': 'application/json', 'accept': 'application/json', 'accept-encoding': 'identity', 'user-agent': 'VasiliasBot', ...headers },
    body: JSON.stringify(body),
  })
  const location = typeof response.headers.location === 'string' ? response.headers.location : null
  return { status: response.statusCode, location, body: await readBody(response) }
}

/** What a failed answer says matters little: when it cannot be read, its status still counts. */
async function readBody(response: Dispatcher.ResponseData): Promise<string> {
  if (response.statusCode < 300) return readLimited(response)
  return readLimited(response).catch((error: unknown) => {
    if (error instanceof RagFailure) return ''
    throw error
  })
}
