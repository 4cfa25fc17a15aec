import { existsSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { signIn } from '../../support/app-server'
import type { TestClient } from '../../support/api-client'
import { slugOf } from './bundles'

export interface Said { text: string, mine: boolean }

/** A customer of the built site with a conversation of `pairs` questions and answers, of which the last stands there once. */
export async function customerWithHistory(origin: string, pairs: number): Promise<{ customer: TestClient, said: Said[] }> {
  const customer = await signIn(origin, { email: `bench-${process.pid}@example.com`, name: 'Anna' })
  const faqs = (await customer.get('/api/chatbot/faqs')).body as { question: string }[]
  const said: Said[] = []
  for (let n = 0; n < pairs; n++) {
    const question = n === pairs - 1 ? faqs.at(-1)!.question : faqs[n % (faqs.length - 1)]!.question
    const { status, body } = await customer.post('/api/chatbot/messages', { message_text: question })
    if (status !== 201 && status !== 200) throw new Error(`A question of the history gave ${status}`)
    said.push({ text: question, mine: true }, { text: body.text as string, mine: false })
  }
  return { customer, said }
}

/**
 * The built site as it is, and at `/?with=NAME` its home page with a contender in place of our chat: the same page for
 * all. The content security policy is left out for all, because some of them need what ours forbids.
 */
export async function serveSite(origin: string, folder: string, said: Said[]) {
  const { hostname, port } = new URL(origin)
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url!, 'http://bench')
    if (url.pathname === '/bench/n8n') {
      const data = said.map(({ text, mine }, index) => ({ id: ['a', 'b', mine ? 'HumanMessage' : 'AIMessage', String(index)], kwargs: { content: text } }))
      return void outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
    }
    if (url.pathname.startsWith('/bench/')) {
      const file = join(folder, 'public', url.pathname.slice('/bench/'.length))
      if (!existsSync(file)) return void outgoing.writeHead(404).end()
      const type = extname(file) === '.css' ? 'text/css' : 'text/javascript'
      return void outgoing.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'cache-control': 'public, max-age=31536000, immutable' }).end(gzipSync(readFileSync(file)))
    }
    const contender = url.searchParams.get('with')
    const upstream = request({ hostname, port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, ...(contender ? { 'accept-encoding': 'identity' } : {}) } }, (answer) => {
      const headers = { ...answer.headers }
      delete headers['content-security-policy']
      if (!contender) return void answer.pipe(outgoing.writeHead(answer.statusCode!, headers))
      delete headers['content-length']
      const slug = slugOf(contender)
      const style = existsSync(join(folder, 'public', slug, 'main.css')) ? `<link rel="stylesheet" href="/bench/${slug}/main.css">` : ''
      const script = `<script>window.chatHistory = ${JSON.stringify(said).replaceAll('<', '\\u003c')}</script><script type="module" src="/bench/${slug}/main.js"></script>`
      let html = ''
      answer.setEncoding('utf8').on('data', (part: string) => void (html += part)).on('end', () => outgoing.writeHead(answer.statusCode!, headers).end(html.replace('</head>', `${style}</head>`).replace('</body>', `${script}</body>`)))
    })
    upstream.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(upstream)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
