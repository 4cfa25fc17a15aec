/*
 * Open chat widgets, in a process of their own: each has a connection, polls every `intervalMs` with the ETag it has, and
 * beside them `messagesPerSecond` questions come in. Raw sockets: thousands of them must not cost more than the server they
 * measure. Reads { port, widgets: [{ cookie, path }], intervalMs, seconds, messagesPerSecond, question } from its parent, answers with figures.
 */
import { connect } from 'node:net'

process.once('message', run)

async function run({ port, widgets, intervalMs, seconds, messagesPerSecond, question }) {
  const times = []
  const errors = {}
  let fresh = 0
  let measuring = false
  const fail = reason => errors[reason] = (errors[reason] ?? 0) + 1

  const clients = widgets.map(({ cookie, path }, index) => new Client(port, cookie, path, index))
  for (const client of clients) setTimeout(() => client.begin(), (client.index / clients.length) * intervalMs)
  const sending = setInterval(() => {
    const client = clients[Math.floor(Math.random() * clients.length)]
    send(port, client.cookie, question).then(status => status === 200 || fail(`POST ${status}`), error => fail(`POST ${error.message}`))
  }, 1000 / messagesPerSecond)
  // The first round fills the server's memory and learns the ETags.
  await new Promise(resolve => setTimeout(resolve, intervalMs * 1.2))
  measuring = true
  await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  measuring = false
  clearInterval(sending)
  for (const client of clients) client.end()
  times.sort((a, b) => a - b)
  const quantile = share => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? null
  process.send({ polls: times.length, fresh, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), errors }, () => process.exit(0))

  function Client(port, cookie, path, index) {
    this.index = index
    this.cookie = cookie
    let socket
    let etag = ''
    let askedAt = 0
    let text = ''
    let timer
    const ask = () => {
      if (askedAt) return fail('late')
      askedAt = performance.now()
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n${etag ? `If-None-Match: ${etag}\r\n` : ''}\r\n`)
    }
    const read = (chunk) => {
      text += chunk
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      const chunked = /transfer-encoding: chunked/i.test(head)
      if (chunked ? !text.endsWith('0\r\n\r\n') : Buffer.byteLength(text.slice(end + 4)) < length) return
      const status = head.slice(9, 12)
      if (status !== '304' && status !== '200') fail(status)
      if (status === '200') {
        etag = /etag: (.*)/i.exec(head)?.[1] ?? ''
        if (measuring) fresh++
      }
      if (measuring) times.push(performance.now() - askedAt)
      askedAt = 0
      text = ''
    }
    this.begin = () => {
      socket = connect(port, '127.0.0.1').setEncoding('utf8').setNoDelay().on('data', read).on('error', error => fail(error.code))
      ask()
      timer = setInterval(ask, intervalMs)
    }
    this.end = () => {
      clearInterval(timer)
      socket?.destroy()
    }
  }
}

async function send(port, cookie, question) {
  const response = await fetch(`http://127.0.0.1:${port}/api/chatbot/messages`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify({ message_text: question }) })
  await response.arrayBuffer()
  return response.status
}
