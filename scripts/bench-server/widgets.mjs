/*
 * Open chat widgets, in a process of their own: each has a connection, polls every `intervalMs` with the ETag it has, and
 * beside them `messagesPerSecond` questions come in. They open one after the other, `openingPerSecond`; what is measured
 * begins when all are open. Raw sockets: thousands of them must not cost more than the server they measure. Reads
 * { port, widgets: [{ cookie, path }], intervalMs, openingPerSecond, seconds, messagesPerSecond, question } from its
 * parent, answers with figures. Its own delays are among them: a poll that it sends late is its fault, not the server's.
 */
import { connect } from 'node:net'

/** How often it looks whether it is itself on time. */
const PULSE_MS = 20

// Without whoever asked for the figures nobody wants them.
process.once('disconnect', () => process.exit())
process.once('message', run)

async function run({ port, widgets, intervalMs, openingPerSecond, seconds, messagesPerSecond, question }) {
  const times = []
  const openingTimes = []
  const errors = {}
  const delays = []
  let fresh = 0
  let measuring = false
  const fail = reason => errors[reason] = (errors[reason] ?? 0) + 1
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

  let due = performance.now() + PULSE_MS
  const pulse = setInterval(() => {
    const now = performance.now()
    if (measuring) delays.push(Math.max(0, now - due))
    due = now + PULSE_MS
  }, PULSE_MS)

  const clients = widgets.map(({ cookie, path }) => new Client(port, cookie, path))
  const openingMs = clients.length / openingPerSecond * 1000
  clients.forEach((client, index) => setTimeout(() => client.begin(), index / clients.length * openingMs))
  const sending = setInterval(() => {
    const client = clients[Math.floor(Math.random() * clients.length)]
    send(port, client.cookie, question).then(status => status === 200 || fail(`POST ${status}`), error => fail(`POST ${error.message}`))
  }, 1000 / messagesPerSecond)
  // The last to open has polled once when the measuring begins.
  await pause(openingMs + intervalMs)
  const before = process.cpuUsage()
  measuring = true
  await pause(seconds * 1000)
  measuring = false
  const { user, system } = process.cpuUsage(before)
  clearInterval(sending)
  clearInterval(pulse)
  for (const client of clients) client.end()
  process.send({
    polls: times.length, fresh, errors,
    p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99),
    openingP95: quantile(openingTimes, 0.95),
    generator: { cpuPercent: (user + system) / 1e4 / seconds, delayP99: quantile(delays, 0.99) },
  }, () => process.exit(0))

  function Client(port, cookie, path) {
    this.cookie = cookie
    let socket
    let etag = ''
    let askedAt = 0
    let text = ''
    let timer
    const ask = () => {
      // Its answer has not come in a whole interval.
      if (askedAt) return fail('late')
      askedAt = performance.now()
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n${etag ? `If-None-Match: ${etag}\r\n` : ''}\r\n`)
    }
    const read = (chunk) => {
      text += chunk
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const status = text.slice(9, 12)
      if (status === '200') {
        const head = text.slice(0, end)
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
        const chunked = /transfer-encoding: chunked/i.test(head)
        if (chunked ? !text.endsWith('0\r\n\r\n') : Buffer.byteLength(text.slice(end + 4)) < length) return
        etag = /etag: (.*)/i.exec(head)?.[1] ?? ''
        if (measuring) fresh++
      }
      else if (status !== '304') fail(status)
      ;(measuring ? times : openingTimes).push(performance.now() - askedAt)
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

/** null: there is nothing to take it of. */
function quantile(values, share) {
  values.sort((a, b) => a - b)
  return values[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? null
}

async function send(port, cookie, question) {
  const response = await fetch(`http://127.0.0.1:${port}/api/chatbot/messages`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify({ message_text: question }) })
  await response.arrayBuffer()
  return response.status
}
