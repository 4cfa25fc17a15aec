import { createServer, type AddressInfo } from 'node:net'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { setDatabase, type Db } from '#server/db/client'
import { findReplyTo, insertQuestion } from '#server/db/messages'
import { startBackgroundWork, stopBackgroundWork } from '#server/services/background-work'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { configure, unknownQuestion } from '../../support/rag-config'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let api: ApiHarness
let server: RagServer
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
  server = await startRagServer(rag.answer('From the documents.'))
  await configure({ ragApiUrl: server.url, ragApiFormat: 'plain', ragTimeoutMs: 5_000, ragLateAnswerMs: 0 })
  anna = await api.customer()
  await anna.post('/api/chatbot/messages', { message_text: unknownQuestion() })
})
beforeEach(() => {
  server.forget()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  stopBackgroundWork()
  vi.useRealTimers()
  vi.restoreAllMocks()
  setDatabase(api.db.database)
})
afterAll(async () => {
  await api.close()
  await server.stop()
})

/** A question whose server has died over it. */
async function leftBehind(n: number): Promise<string> {
  const question = { id: v7(), customerId: anna.user.id, conversationId: null, text: unknownQuestion(n), createdAt: new Date(), clientMessageId: v7(), page: null, faqId: null }
  await insertQuestion(question, { by: v7(), leaseMs: -1 })
  return question.id
}
const round = () => vi.advanceTimersByTime(3_000)
const answered = (id: string) => vi.waitFor(async () => expect(await findReplyTo(id)).not.toBeNull(), { timeout: 20_000, interval: 20 })
/** A round leaves out the work whose last round is only just ending, so there may have to be a few. */
const inSomeRound = (check: () => void | Promise<void>) => vi.waitFor(async () => {
  round()
  await check()
}, { timeout: 20_000, interval: 20 })

async function closedPort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise(resolve => listener.close(resolve))
  return port
}

describe('what a server does by itself', () => {
  it('answers what a dead server left, at the next round, and stops when it is told to', async () => {
    const question = await leftBehind(1)
    const others = vi.getTimerCount()
    startBackgroundWork()
    startBackgroundWork()
    // The rounds, and the heartbeats of what listens to other servers' changes.
    expect(vi.getTimerCount() - others).toBe(2)
    expect(server.requests).toEqual([])
    round()
    await answered(question)
    const running = vi.getTimerCount()
    stopBackgroundWork()
    expect(running - vi.getTimerCount()).toBe(1)
  })

  it('waits while no database is open', async () => {
    const question = await leftBehind(2)
    setDatabase(undefined)
    startBackgroundWork()
    round()
    setDatabase(api.db.database)
    expect(await findReplyTo(question)).toBeNull()
    await inSomeRound(async () => expect(await findReplyTo(question)).not.toBeNull())
  })

  it('says that the database is away, and goes on when it is back', async () => {
    const question = await leftBehind(3)
    const warned = vi.spyOn(log, 'warn')
    const failed = vi.spyOn(log, 'error')
    const away = postgres(`postgres://nobody@127.0.0.1:${await closedPort()}/nothing`, { max: 1 })
    setDatabase({ ...api.db.database, db: drizzle(away) as unknown as Db })
    startBackgroundWork()
    await inSomeRound(() => expect([...new Set(warned.mock.calls.map(call => call[1]))].sort()).toEqual(['The database is not available for answering abandoned questions', 'The database is not available for delivering feedback']))
    expect(failed).not.toHaveBeenCalled()
    setDatabase(api.db.database)
    await away.end({ timeout: 1 })
    await inSomeRound(async () => expect(await findReplyTo(question)).not.toBeNull())
  })
})
