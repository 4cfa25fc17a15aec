import { createServer, type AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { rowsOf, setDatabase, type Db } from '#server/db/client'
import { findReplyTo, insertQuestion } from '#server/db/messages'
import { claimWork, releaseWork } from '#server/db/work-claims'
import { removeExpiredWhenDue } from '#server/services/accounts/remove-expired'
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

  it('removes what has expired once an hour, unless another server is at it', async () => {
    const somebodyElse = v7()
    const expire = () => rowsOf(sql`insert into sessions (id, user_id, token_hash, expires_at) values (${v7()}::uuid, ${anna.user.id}::uuid, ${v7()}, now() - interval '1 second')`)
    const expired = async () => (await rowsOf<{ count: number }>(sql`select count(*)::int as count from sessions where expires_at < now()`))[0]!.count
    let at = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => at)
    const anHourLater = () => at += 3_600_001
    await expire()
    await rowsOf(sql`insert into rate_limits (key, hits, expires_at) values ('old', '{}', now() - interval '1 second'), ('new', '{}', now() + interval '1 hour')`)
    startBackgroundWork()
    // An hour each: the last test's round may only be ending, and begins an hour of its own.
    await inSomeRound(async () => {
      anHourLater()
      expect(await expired()).toBe(0)
    })
    stopBackgroundWork()
    // Whatever round is still going on.
    await removeExpiredWhenDue()
    expect(await rowsOf(sql`select name from work_claims where name = 'expired'`)).toEqual([])
    expect(await rowsOf(sql`select key from rate_limits`)).toEqual([{ key: 'new' }])

    // Within the hour nothing is looked at; after it another server may be at it.
    await expire()
    await removeExpiredWhenDue()
    expect(await expired()).toBe(1)
    await claimWork('expired', { by: somebodyElse, leaseMs: 60_000 })
    anHourLater()
    await removeExpiredWhenDue()
    expect(await expired()).toBe(1)
    await releaseWork('expired', somebodyElse)
    anHourLater()
    await removeExpiredWhenDue()
    expect(await expired()).toBe(0)
    expect(await rowsOf(sql`select 1 from sessions`)).not.toEqual([])
    clock.mockRestore()
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
    const told = () => [...new Set(warned.mock.calls.map(call => call[1]))]
    await inSomeRound(() => expect(told()).toEqual(expect.arrayContaining(['The database is not available for answering abandoned questions', 'The database is not available for delivering feedback'])))
    // Other work says the same where it happens to be due.
    for (const words of told()) expect(words).toMatch(/^The database is not available for /)
    expect(failed).not.toHaveBeenCalled()
    setDatabase(api.db.database)
    await away.end({ timeout: 1 })
    await inSomeRound(async () => expect(await findReplyTo(question)).not.toBeNull())
  })
})
