import { afterEach, beforeEach, vi } from 'vitest'

/** A request on its way, as the browser's fetch would send it. */
export interface HeldRequest {
  method: string
  /** Without the query. */
  path: string
  query: Record<string, string>
  /** Parsed JSON; the text itself where it is none. */
  body: unknown
  headers: Record<string, string>
  answer: (status: number, body?: unknown) => void
  /** Nothing comes back. */
  cutOff: () => void
}

/**
 * In place of fetch for a test file of a store: every request waits until the test answers it, so that a test decides
 * what arrives when.
 */
export function holdRequests() {
  const requests: HeldRequest[] = []

  beforeEach(() => {
    requests.length = 0
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => new Promise<Response>((resolve, reject) => {
      const url = new URL(address, 'http://localhost')
      requests.push({
        method: init.method!,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: parsed(init.body as string | undefined),
        headers: init.headers as Record<string, string>,
        answer: (status, body) => resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })),
        cutOff: () => reject(new TypeError('fetch failed')),
      })
    }))
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  return {
    requests,
    /** Waits until so many requests have been made, and gives that one (from 0). */
    request: (index: number) => vi.waitFor(() => {
      const found = requests[index]
      if (!found) throw new Error(`There is no request ${index} yet`)
      return found
    }),
  }
}

function parsed(body: string | undefined): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body)
  }
  catch {
    return body
  }
}

/** The API's error body. */
export const refusal = (code: string, more: object = {}) => ({ error: 'Please try again.', code, request_id: 'request-1', ...more })
