import '#nitro-internal-pollyfills'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { toNodeListener } from 'h3'
import { useNitroApp } from 'nitropack/runtime'
import { env, StartupError } from '#server/core/env'
import { log } from '#server/core/log'
import { startApplication, type StartReport } from '#server/services/application'
import { startBackgroundWork } from '#server/services/background-work'
import { demoAccountLines } from '#server/services/seed'

/*
 * The server on plain Node. Nitro's own entry listens before the database is open and answers a failed start with a
 * stack trace; this one opens first, says what is wrong in a sentence, and stops in order. Sentences for people go to
 * stderr; stdout is the log's.
 */
const DRAIN_MS = 20_000

const say = (line: string) => process.stderr.write(`${line}\n`)

function fail(error: unknown): never {
  if (error instanceof StartupError) say(`VasiliasBot cannot start. ${error.message}`)
  else say(`VasiliasBot cannot start: ${error instanceof Error ? error.stack : error}`)
  process.exit(1)
}

async function main(): Promise<void> {
  const settings = env()
  const nitroApp = useNitroApp()
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 }, toNodeListener(nitroApp.h3App))
  const isStopping = stopInOrder(server, watchConnections(server), () => nitroApp.hooks.callHook('close'))
  // A port that is taken should be said before the seconds that a new database needs.
  await listen(server, settings.PORT, settings.HOST)
  await new Promise(resolve => server.close(resolve))
  const report = await startApplication()
  // The one who stops closes what has just been opened.
  if (isStopping()) return
  startBackgroundWork()
  await listen(server, settings.PORT, settings.HOST)
  announce(server, report)
}

function listen(server: Server, port: number, host: string): Promise<void> {
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

/**
 * Closes the connections that wait for nothing. Browsers keep theirs open after the last answer, and open some ahead of
 * need; Node's own closeIdleConnections leaves the latter for as long as their first request may take.
 */
function watchConnections(server: Server): () => void {
  const open = new Set<Socket>()
  const busy = new Set<Socket>()
  server.on('connection', socket => open.add(socket.once('close', () => open.delete(socket))))
  server.on('request', ({ socket }, response) => {
    busy.add(socket)
    response.once('close', () => busy.delete(socket))
  })
  return () => {
    for (const socket of open) if (!busy.has(socket)) socket.destroy()
  }
}

/** Stops on SIGTERM and SIGINT, during the start as well; tells whether that has begun. */
function stopInOrder(server: Server, closeIdle: () => void, close: () => Promise<unknown>): () => boolean {
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    say(`Stopping (${signal}): finishing the requests under way …`)
    setTimeout(() => {
      say('Some requests did not finish in time and were cut off; no question is lost.')
      server.closeAllConnections()
    }, DRAIN_MS).unref()
    const sweep = setInterval(closeIdle, 50)
    await new Promise(resolve => server.close(resolve))
    clearInterval(sweep)
    await close()
    log.flush?.()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal).catch(fail))
  return () => stopping
}

function announce(server: Server, report: StartReport): void {
  const address = server.address() as { address: string, family: string, port: number }
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(address.address) ? 'localhost' : address.address
  say(`VasiliasBot is ready at http://${host}:${address.port} (${report.database === 'pglite' ? `embedded database in ${env().DATA_DIR}` : 'PostgreSQL'}).`)
  for (const line of demoAccountLines(report.demoAccounts)) say(line)
}

process.on('unhandledRejection', error => log.error({ err: error }, 'Unhandled rejection'))
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'Uncaught exception')
  process.exit(1)
})

main().catch(fail)

export default {}
