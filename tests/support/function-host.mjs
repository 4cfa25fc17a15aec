// A host of functions on this machine: takes HTTP and calls the built handler as AWS (API Gateway's HTTP API, payload 2.0),
// Netlify or Vercel do. FUNCTION_PRESET and FUNCTION_HANDLER say what to run.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

const begun = performance.now()
const module = await import(pathToFileURL(process.env.FUNCTION_HANDLER).href)
process.stderr.write(`loaded in ${Math.round(performance.now() - begun)} ms\n`)

/** The work that handlers have asked to be kept alive; a test may look at it through the header x-work-asked-for. */
let asked = 0
const waitUntil = (work) => {
  asked++
  work.catch(() => {})
}

const hosts = {
  'aws-lambda': async (request, response) => {
    const url = new URL(request.url, 'http://host')
    const { cookie, ...headers } = request.headers
    const body = await buffer(request)
    const event = {
      version: '2.0', routeKey: '$default', rawPath: url.pathname, rawQueryString: url.search.slice(1),
      ...(cookie ? { cookies: cookie.split('; ') } : {}),
      headers: { ...headers, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      ...(url.search ? { queryStringParameters: Object.fromEntries(url.searchParams) } : {}),
      requestContext: { http: { method: request.method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9' }, stage: '$default' },
      ...(body.length ? { body: body.toString('base64') } : {}),
      isBase64Encoded: body.length > 0,
    }
    const answer = await module.handler(JSON.parse(JSON.stringify(event)), { awsRequestId: 'local', callbackWaitsForEmptyEventLoop: false })
    // What is not JSON would not have come through.
    const { statusCode, headers: sent, cookies = [], body: text, isBase64Encoded } = JSON.parse(JSON.stringify(answer))
    response.writeHead(statusCode, { ...sent, ...(cookies.length ? { 'set-cookie': cookies } : {}) }).end(text === undefined ? undefined : Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8'))
  },
  'netlify': async (request, response) => {
    globalThis.Netlify = { context: { waitUntil } }
    const body = ['GET', 'HEAD'].includes(request.method) ? undefined : await buffer(request)
    const headers = { ...request.headers, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
    delete headers.connection
    const answer = await module.default(new Request(new URL(request.url, 'http://host'), { method: request.method, headers, body: body?.length ? body : undefined }))
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'set-cookie': answer.headers.getSetCookie(), 'x-work-asked-for': asked })
    response.end(Buffer.from(await answer.arrayBuffer()))
  },
  'vercel': async (request, response) => {
    globalThis[Symbol.for('@vercel/request-context')] = { get: () => ({ waitUntil }) }
    Object.assign(request.headers, { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' })
    await module.default(request, response)
  },
}
const call = hosts[process.env.FUNCTION_PRESET]

const server = createServer((request, response) => {
  call(request, response).catch((error) => {
    process.stderr.write(`The handler failed: ${error.stack}\n`)
    if (!response.headersSent) response.writeHead(502).end('The handler failed')
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
process.stderr.write(`ready at http://127.0.0.1:${server.address().port}\n`)
