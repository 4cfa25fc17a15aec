import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createEvent, toNodeListener } from 'h3'
import { getRouteRules, useNitroApp } from 'nitropack/runtime'
import { env } from '#server/core/env'
import { gatherLogLines, log } from '#server/core/log'
import { answerCollections, onPrimary, tellPrimary, workerNumber } from '#server/core/workers'
import { startApplication, type StartReport } from '#server/services/application'
import { startBackgroundWork } from '#server/services/background-work'
import { localMetrics } from '#server/services/render-metrics'
import { demoAccountLines } from '#server/services/seed'
import { answerIdlePoll, lookUpIdlePoll, mayBeIdlePoll } from '#server/utils/message-poll'
import { listen } from './listen'
import { DRAIN_MS, fail, say, sayReady, saySignal } from './say'

/*
 * One process that serves: the only one, or a worker. Nitro's own entry listens before the database is open and answers
 * a failed start with a stack trace; this one opens first, says what is wrong in a sentence, and stops in order.
 */
export async function serve(): Promise<void> {
  const settings = env()
  const isWorker = workerNumber() !== null
  const nitroApp = useNitroApp()
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 }, idlePollsFirst(toNodeListener(nitroApp.h3App)))
  const isStopping = stopInOrder(server, watchConnections(server), () => nitroApp.hooks.callHook('close'))
  // A port that is taken should be said before the seconds that a new database needs. Workers have a primary that looks.
  if (!isWorker) {
    await listen(server, settings.PORT, settings.HOST)
    await new Promise(resolve => server.close(resolve))
  }
  const report = await startApplication()
  if (isWorker) {
    answerCollections(localMetrics)
    await clearedToListen(report)
  }
  // The one who stops closes what has just been opened.
  if (isStopping()) return
  startBackgroundWork()
  gatherLogLines()
  await listen(server, settings.PORT, settings.HOST)
  // A connection that could not be taken (no descriptors, no memory) is that connection's trouble.
  server.on('error', error => log.error({ err: error }, 'A connection could not be taken'))
  if (isWorker) return tellPrimary({ about: 'listening' })
  const { address, port } = server.address() as AddressInfo
  sayReady(address, port, report.database === 'pglite' ? `embedded database in ${settings.DATA_DIR}` : 'PostgreSQL', demoAccountLines(report.demoAccounts))
}

/** Idle polls are answered ahead of everything else; they have the headers that nuxt-security gives every answer on their path. */
function idlePollsFirst(others: RequestListener): RequestListener {
  let headers: Record<string, string> | undefined
  return (req, res) => {
    headers ??= getRouteRules(createEvent({ ...req, url: '/api/chatbot/conversations/x/messages' } as typeof req, res)).headers ?? {}
    if (isAnswered(req, res, headers)) return
    if (!mayBeIdlePoll(req)) return others(req, res)
    lookUpIdlePoll(req, res, headers).catch(() => false).then(answered => answered || others(req, res))
  }
}

/** What goes wrong here, or in the look-up, goes wrong in the route too, which knows how to say it; thrown here it would end the server. */
function isAnswered(...poll: Parameters<typeof answerIdlePoll>): boolean {
  try {
    return answerIdlePoll(...poll)
  }
  catch {
    return false
  }
}

/** A worker's port opens when all of them can serve, so that whoever finds it open finds all of it. */
function clearedToListen({ demoAccounts }: StartReport): Promise<void> {
  return new Promise((resolve) => {
    const stopHearing = onPrimary('listen', () => {
      stopHearing()
      resolve()
    })
    tellPrimary({ about: 'started', report: { demoAccounts } })
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
    // The primary says it once for all of its workers.
    if (workerNumber() === null) saySignal(signal)
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
