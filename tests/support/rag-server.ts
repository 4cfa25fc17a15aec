import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Writable } from 'node:stream'

export interface RagRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** The parsed JSON; the raw text when it is none. */
  body: unknown
}

export interface RagSource { title?: string, url?: string }

/** One way to answer, or to misbehave. */
export type RagBehaviour = (request: RagRequest, response: ServerResponse) => void | Promise<void>

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const pause = (ms: number) => new Promise<void>((resolve) => {
  setTimeout(resolve, ms).unref()
})

/** Resolves when the stream can take more, or is gone. */
const drained = (stream: Writable) => new Promise<void>((resolve) => {
  const done = () => {
    stream.off('drain', done).off('close', done)
    resolve()
  }
  stream.on('drain', done).on('close', done)
})

export const rag = {
  answer: (text: string, sources?: RagSource[], more: Record<string, unknown> = {}): RagBehaviour => (_, response) => json(response, 200, { answer: text, ...(sources ? { sources } : {}), ...more }),
  /** Any JSON at all, with any status. */
  json: (body: unknown, status = 200, headers?: Record<string, string>): RagBehaviour => (_, response) => json(response, status, body, headers),
  /** The right answer after `ms`. */
  late: (ms: number, text: string, sources?: RagSource[]): RagBehaviour => async (_, response) => {
    await pause(ms)
    if (!response.destroyed) json(response, 200, { answer: text, sources })
  },
  /** Another behaviour, `ms` later. */
  after: (ms: number, behaviour: RagBehaviour): RagBehaviour => async (request, response) => {
    await pause(ms)
    if (!response.destroyed) await behaviour(request, response)
  },
  empty: (): RagBehaviour => (_, response) => json(response, 200, { answer: '' }),
  status: (status: number, body: unknown = { detail: `status ${status}` }, headers?: Record<string, string>): RagBehaviour => (_, response) => {
    if (status === 204 || status === 304) response.writeHead(status, headers).end()
    else json(response, status, body, headers)
  },
  /** Takes the request and says nothing. */
  hang: (): RagBehaviour => () => {},
  /** Sends the headers and a first byte, then nothing. */
  stall: (): RagBehaviour => (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
  /** The right answer, a byte every `ms`: no single wait is long, the whole is. */
  drip: (ms: number, text: string): RagBehaviour => async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (const character of JSON.stringify({ answer: text })) {
      if (response.destroyed) return
      response.write(character)
      await pause(ms)
    }
    response.end()
  },
  /** Cuts the connection before a byte of the answer. */
  reset: (): RagBehaviour => (_, response) => void (response.socket as Socket).resetAndDestroy(),
  /** Cuts the connection in the middle of the answer. */
  cutOff: (text = 'half an ans'): RagBehaviour => (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' })
    response.write(`{"answer":"${text}`, () => (response.socket as Socket).destroy())
  },
  /** An endless body, as fast as it is read; stops at `bytes`. */
  flood: (bytes = 256 * 1024 * 1024): RagBehaviour => async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"answer":"')
    const chunk = 'x'.repeat(64 * 1024)
    for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
      if (!response.write(chunk)) await drained(response)
    }
    response.end('"}')
  },
  /** Says gzip and sends a small body that unpacks to `bytes`. */
  gzipBomb: (bytes = 256 * 1024 * 1024): RagBehaviour => async (_, response) => {
    const { createGzip } = await import('node:zlib')
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    const gzip = createGzip()
    gzip.pipe(response)
    const chunk = Buffer.alloc(1024 * 1024, 0x20)
    for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
      if (!gzip.write(chunk)) await drained(gzip)
    }
    gzip.end()
  },
  brokenJson: (): RagBehaviour => (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer": "half'),
  html: (status = 200): RagBehaviour => (_, response) => void response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><title>Bad gateway</title><h1>502 Bad Gateway</h1>'),
  /** Redirects to `location`: a path of this server, another origin, or `/loop` for ever. */
  redirect: (location: string, status = 307): RagBehaviour => (_, response) => void response.writeHead(status, { location }).end(),
  redirectLoop: (): RagBehaviour => (request, response) => void response.writeHead(307, { location: request.path }).end(),
  /** Promises more bytes than it sends, or fewer. */
  wrongLength: (length: number, text = 'An answer.'): RagBehaviour => (_, response) => {
    const body = JSON.stringify({ answer: text })
    const socket = response.socket as Socket
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`, () => socket.end())
  },
  /** Not even HTTP. */
  gibberish: (): RagBehaviour => (_, response) => void (response.socket as Socket).end('SSH-2.0-OpenSSH_9.2\r\n'),
}

export interface RagServer {
  /** `http://127.0.0.1:<port>/ask`, the value for `rag_api_url`. */
  url: string
  origin: string
  /** Everything asked so far, in order. */
  requests: RagRequest[]
  /** The connections open now. */
  openSockets: () => number
  /** What every request gets from now on, unless `next` says otherwise. */
  always: (behaviour: RagBehaviour) => void
  /** What the next requests get, one each, in this order. */
  next: (...behaviours: RagBehaviour[]) => void
  /** What one path gets, whatever `always` and `next` say: `on('/ask/feedback', …)`. */
  on: (path: string, behaviour: RagBehaviour) => void
  /** Resolves with the next request that comes in (or has come in since the last call). */
  nextRequest: () => Promise<RagRequest>
  /** Forgets requests and behaviours. */
  forget: () => void
  /** Closes the server and every connection. */
  stop: () => Promise<void>
}

/** A RAG service on a free port of this machine that answers what a test tells it to. `host` in `url` is 127.0.0.1. */
export async function startRagServer(first: RagBehaviour = rag.answer('From the documents.')): Promise<RagServer> {
  const sockets = new Set<Socket>()
  const requests: RagRequest[] = []
  const paths = new Map<string, RagBehaviour>()
  let queue: RagBehaviour[] = []
  let always = first
  let unseen = 0
  let arrived: (() => void)[] = []

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
    }
    catch {
      return
    }
    const text = Buffer.concat(chunks).toString()
    const request: RagRequest = { method: incoming.method!, path: incoming.url!, headers: incoming.headers, body: parsed(text) }
    requests.push(request)
    const waiting = arrived
    arrived = []
    waiting.forEach(tell => tell())
    response.on('error', () => {})
    await (paths.get(request.path) ?? queue.shift() ?? always)(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: `${origin}/ask`,
    origin,
    requests,
    openSockets: () => sockets.size,
    always: behaviour => void (always = behaviour),
    next: (...behaviours) => void queue.push(...behaviours),
    on: (path, behaviour) => void paths.set(path, behaviour),
    nextRequest: async () => {
      while (requests.length <= unseen) await new Promise<void>(resolve => arrived.push(resolve))
      return requests[unseen++]!
    },
    forget: () => {
      requests.length = 0
      unseen = 0
      queue = []
      paths.clear()
      always = first
    },
    stop: async () => {
      const closed = [...sockets].map(socket => new Promise(resolve => socket.once('close', resolve)))
      server.close()
      sockets.forEach(socket => socket.destroy())
      await Promise.all(closed)
    },
  }
}

/** An address on which nobody listens: the connection is refused. */
export async function refusedUrl(): Promise<string> {
  const server = await startRagServer()
  await server.stop()
  return server.url
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return text
  }
}
