export interface TestResponse {
  status: number
  headers: Headers
  // Tests read the fields of many different bodies and say themselves what they expect of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
  /** The body as it came. */
  text: string
}

export interface TestRequest {
  /** An object is sent as JSON; a string or bytes as they are, as `application/json` unless the headers say otherwise. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface TestClient {
  cookies: Map<string, string>
  request: (method: string, path: string, request?: TestRequest) => Promise<TestResponse>
  get: (path: string, headers?: Record<string, string>) => Promise<TestResponse>
  post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestResponse>
  put: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestResponse>
  patch: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestResponse>
  delete: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestResponse>
}

/** Somebody at a keyboard with curl and a cookie jar: no Origin, redirects not followed. `inspect` sees every answer before the test does. */
export function createTestClient(origin: string, inspect?: (method: string, path: string, answer: TestResponse) => Promise<void>): TestClient {
  const cookies = new Map<string, string>()

  async function request(method: string, path: string, { body, headers = {}, signal }: TestRequest = {}): Promise<TestResponse> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      signal,
      headers: { ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body as BodyInit | undefined : JSON.stringify(body),
    })
    keepCookies(cookies, response.headers)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer = { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : text }
    await inspect?.(method, path, answer)
    return answer
  }

  return {
    cookies,
    request,
    get: (path, headers) => request('GET', path, { headers }),
    post: (path, body = {}, headers) => request('POST', path, { body, headers }),
    put: (path, body = {}, headers) => request('PUT', path, { body, headers }),
    patch: (path, body = {}, headers) => request('PATCH', path, { body, headers }),
    delete: (path, body, headers) => request('DELETE', path, { body, headers }),
  }
}

function keepCookies(jar: Map<string, string>, headers: Headers) {
  for (const line of headers.getSetCookie()) {
    const [pair, ...attributes] = line.split(';').map(part => part.trim())
    const [name, ...value] = pair!.split('=')
    const isOver = attributes.some(attribute => /^max-age=0$/i.test(attribute) || (/^expires=/i.test(attribute) && Date.parse(attribute.slice(8)) <= Date.now()))
    if (isOver) jar.delete(name!)
    else jar.set(name!, value.join('='))
  }
}
