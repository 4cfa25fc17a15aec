import type { Server } from 'node:net'
import { StartupError } from '#server/core/env'

/** Listens, or throws a `StartupError` that says what to do about the address. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `Port ${port} is in use: stop the other program, or set PORT to another number.`,
        EACCES: `Port ${port} needs more rights: set PORT to a number above 1023.`,
        EADDRNOTAVAIL: `HOST ${host} is not an address of this machine: set HOST to 127.0.0.1 or 0.0.0.0.`,
        ENOTFOUND: `HOST ${host} is not known: set HOST to 127.0.0.1 or 0.0.0.0.`,
      }
      reject(new StartupError(reasons[error.code ?? ''] ?? `The server cannot listen on ${host}:${port} (${error.code}).`, { cause: error }))
    }
    server.once('error', refuse)
    server.listen({ port, host }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}
