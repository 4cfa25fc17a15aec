import type { ErrorBody, ErrorCode, ErrorDetail } from '#shared/contracts/errors'

/** A request that got no usable answer, or an answer that says no. `status` is 0 when nothing came back (offline, aborted, cut off). */
export class ApiError extends Error {
  readonly status: number
  readonly code: ErrorCode | 'NETWORK'
  readonly details: ErrorDetail[]
  readonly requestId: string | null
  /** Milliseconds the server asks us to wait (429, 503); null when it does not say. */
  readonly retryAfterMs: number | null
  /** A version conflict (409): the thing as it is now. */
  readonly current: unknown

  constructor(what: { method: string, path: string, status: number, body?: Partial<ErrorBody>, retryAfterMs?: number | null, cause?: unknown }) {
    super(what.body?.error ?? 'We could not reach the server. Check your connection and try again.', { cause: what.cause ?? `${what.method} ${what.path}: ${what.status}` })
    this.name = 'ApiError'
    this.status = what.status
    this.code = what.body?.code ?? 'NETWORK'
    this.details = what.body?.details ?? []
    this.requestId = what.body?.request_id ?? null
    this.retryAfterMs = what.retryAfterMs ?? null
    this.current = what.body?.current
  }
}

export interface ApiRequest {
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Lets the request outlive the page (a last write while leaving). */
  keepalive?: boolean
}

export interface ApiResponse<Data> {
  status: number
  headers: Headers
  /** null on 204 and 304. */
  data: Data
}

export type Transport = (url: string, init: RequestInit) => Promise<Response>

/**
 * The one typed HTTP client, free of Nuxt so that the chat also runs mounted alone.
 * Every method throws `ApiError` for a network failure or a status of 400 and above; 304 is an answer, with `data: null`.
 */
export function createApiClient(baseUrl: string, transport: Transport = (url, init) => fetch(url, init)) {
  const base = baseUrl.replace(/\/+$/, '')

  async function send<Data>(method: string, path: string, request: ApiRequest = {}): Promise<ApiResponse<Data>> {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== null && value !== undefined && value !== '') query.set(name, String(value))
    }
    const url = `${base}${path}${query.size ? `?${query}` : ''}`
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers }
    let body: string | undefined
    if (method !== 'GET') {
      body = JSON.stringify(request.body ?? {})
      headers['content-type'] = 'application/json'
    }
    let response: Response
    let data: unknown = null
    try {
      response = await transport(url, { method, headers, body, signal: request.signal, keepalive: request.keepalive, credentials: 'same-origin', cache: 'no-store' })
      const text = response.status === 204 || response.status === 304 ? '' : await response.text()
      if (text) data = JSON.parse(text)
    }
    catch (cause) {
      if (request.signal?.aborted) throw cause
      throw new ApiError({ method, path, status: 0, cause })
    }
    if (response.status >= 400) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      throw new ApiError({ method, path, status: response.status, body: (data ?? {}) as Partial<ErrorBody>, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null })
    }
    return { status: response.status, headers: response.headers, data: data as Data }
  }

  const dataOf = async <Data>(answer: Promise<ApiResponse<Data>>) => (await answer).data
  return {
    send,
    get: <Data>(path: string, request?: ApiRequest) => dataOf(send<Data>('GET', path, request)),
    post: <Data>(path: string, body?: unknown, request?: ApiRequest) => dataOf(send<Data>('POST', path, { ...request, body })),
    put: <Data>(path: string, body?: unknown, request?: ApiRequest) => dataOf(send<Data>('PUT', path, { ...request, body })),
    patch: <Data>(path: string, body?: unknown, request?: ApiRequest) => dataOf(send<Data>('PATCH', path, { ...request, body })),
    delete: <Data>(path: string, body?: unknown, request?: ApiRequest) => dataOf(send<Data>('DELETE', path, { ...request, body })),
  }
}

export type ApiClient = ReturnType<typeof createApiClient>
