/*
 * Asks the same thing again and again over each of some connections, as cheaply as it can: where two server processes
 * share two cores with whoever asks them, each microsecond of the asking is one that they lack. In a process of its own.
 * Reads { port, asks: [{ path, headers }], connections, seconds, status } from its parent, answers with figures.
 */
import { connect } from 'node:net'

// Without whoever asked for the figures nobody wants them.
process.once('disconnect', () => process.exit())
process.once('message', async ({ port, asks, connections, seconds, status }) => {
  const expected = `HTTP/1.1 ${status} `
  let answers = 0
  let wrong = 0
  const sockets = Array.from({ length: connections }, (_, index) => {
    const { path, headers } = asks[index % asks.length]
    const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    // What comes back has no body, and one question is under way at a time: a chunk that ends as a head does is an answer.
    const socket = connect(port, '127.0.0.1').setNoDelay().on('data', (chunk) => {
      if (chunk.length < 4 || chunk.readUInt32BE(chunk.length - 4) !== 0x0D0A0D0A) return
      answers++
      if (chunk.latin1Slice(0, expected.length) !== expected) wrong++
      socket.write(request)
    }).on('error', () => wrong++)
    socket.write(request)
    return socket
  })
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
  await pause(1_000)
  answers = 0
  const before = process.cpuUsage()
  const began = performance.now()
  await pause(seconds * 1000)
  const took = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const counted = answers
  for (const socket of sockets) socket.destroy()
  process.send({ perSecond: counted / took, wrong, cpuMs: (user + system) / 1000 / counted }, () => process.exit(0))
})
