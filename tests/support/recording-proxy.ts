import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface RecordingProxy {
  port: number
  /** The statements that were sent since the last call, each text once, in order. */
  take: () => string[]
  stop: () => Promise<void>
}

/** Stands before a PostgreSQL and writes down the text of every statement, whichever driver or layer has made it. */
export async function startRecordingProxy(target: { host: string, port: number }): Promise<RecordingProxy> {
  let seen: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target)
    const listen = reader(statement => seen.push(statement))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', listen)
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = [...new Set(seen)]
      seen = []
      return taken
    },
    stop: async () => {
      sockets.forEach(socket => socket.destroy())
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Reads what a client sends: first a message without a type, then type, length and content; Parse and Query hold SQL. */
function reader(hear: (statement: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (rest.length < head + 4) return
      const length = rest.readInt32BE(head) + head
      if (rest.length < length) return
      const [type, content] = [started ? String.fromCharCode(rest[0]!) : '', rest.subarray(head + 4, length)]
      // An SSL request comes before the start message proper, and has no protocol version.
      if (!started) started = content.readInt32BE(0) !== 80877103
      else if (type === 'Q') hear(content.toString('utf8', 0, content.length - 1))
      else if (type === 'P') hear(content.toString('utf8', content.indexOf(0) + 1).split('\0')[0]!)
      rest = rest.subarray(length)
    }
  }
}
