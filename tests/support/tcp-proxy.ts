import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** Cuts every connection and refuses new ones, as a machine does that has gone. */
  cut: () => Promise<void>
  restore: () => Promise<void>
  /** Keeps what the target says until `release`, as a machine without processor time does; its connections stay. */
  hold: () => void
  release: () => void
  stop: () => Promise<void>
}

/** A port of this machine that leads to another one, until it is cut. */
export async function startTcpProxy(target: { host: string, port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const pairs = new Map<Socket, Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const listen = (port: number) => new Promise<ReturnType<typeof createServer>>((resolve) => {
    const server = createServer((near) => {
      const far = connect(target)
      for (const socket of [near, far]) track(socket)
      near.pipe(far).pipe(near)
      pairs.set(near, far)
      near.once('close', () => {
        pairs.delete(near)
        far.destroy()
      })
      far.once('close', () => near.destroy())
    }).listen(port, '127.0.0.1', () => resolve(server))
  })
  let server = await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = () => new Promise<void>((resolve) => {
    server.close(() => resolve())
    sockets.forEach(socket => socket.destroy())
  })
  return {
    port,
    cut,
    restore: async () => {
      server = await listen(port)
    },
    hold: () => pairs.forEach((far, near) => far.unpipe(near)),
    release: () => pairs.forEach((far, near) => far.pipe(near)),
    stop: cut,
  }
}
