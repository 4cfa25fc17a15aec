import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { askRag } from '#server/services/answering/rag/ask-rag'
import { closeRagConnections } from '#server/services/answering/rag/http/dispatcher'
import type { RagQuestion, RagSettings } from '#server/services/answering/rag/rag-client'
import { readEnv, setEnv } from '#server/core/env'
import type { RagApiFormat } from '#shared/contracts/admin'
import { answers, bodies, formats, misbehaviours, urlOf } from '../../../../../support/rag-formats'
import { rag, refusedUrl, startRagServer, type RagServer } from '../../../../../support/rag-server'

const LIMIT_MS = 500
/** Where time is not what a test is about; a loaded machine stands still for longer than LIMIT_MS. */
const AMPLE_MS = 10_000
const question: RagQuestion = { conversationId: '0198a000-0000-7000-8000-000000000001', messageId: '0198a000-0000-7000-8000-000000000002', customerId: '0198a000-0000-7000-8000-000000000003', text: 'Is there parking?', history: [], remoteConversationId: null }
const settingsOf = (format: RagApiFormat, url: string): RagSettings => ({ format, url, key: 'k', feedbackUrl: null, model: null, systemPrompt: null, timeoutMs: LIMIT_MS, maxInFlight: 10 })
const ask = (format: RagApiFormat, server: RagServer, more: Partial<RagQuestion> = {}, deadlineMs = AMPLE_MS) => askRag({ ...question, ...more }, settingsOf(format, urlOf(format, server)), { deadlineMs })
const timers = () => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

let server: RagServer
beforeAll(async () => {
  setEnv(readEnv({ DATA_DIR: '/tmp', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32) }))
  server = await startRagServer()
})
afterAll(async () => {
  await server.stop()
  setEnv(undefined)
})

describe.each(formats)('a RAG API of the format %s', (format) => {
  it.each(Object.entries(misbehaviours))('that %s is no answer, in time, and leaves no socket and no timer', { retry: 4 }, async (_, behaviour) => {
    server.forget()
    server.always(behaviour(format))
    const before = timers()
    const started = performance.now()
    const outcome = await ask(format, server, {}, LIMIT_MS)
    expect(outcome.kind).toMatch(/^(?:failed|unknown)$/)
    expect(performance.now() - started).toBeLessThan(LIMIT_MS + 1_000)
    await closeRagConnections()
    await vi.waitFor(() => expect(server.openSockets()).toBe(0))
    // The fake server's own pauses are the only timers that may be left.
    expect(timers()).toBeLessThanOrEqual(before + 1)
  })

  it('that answers is heard', async () => {
    server.forget()
    server.always(answers(format, '<think>hm</think>Yes, for 80 cars.'))
    expect(await ask(format, server)).toMatchObject({ kind: 'answer', text: 'Yes, for 80 cars.', status: 200 })
    await closeRagConnections()
  })

  it('that refuses the connection is no answer', async () => {
    const { pathname } = new URL(urlOf(format, server))
    const url = new URL(pathname, await refusedUrl()).href
    expect(await askRag(question, settingsOf(format, url), { deadlineMs: AMPLE_MS })).toMatchObject({ kind: 'failed', reason: 'connection refused (ECONNREFUSED)', costly: true, status: null })
  })
})

describe('the exchange', () => {
  it.each([['reset', rag.reset(), 2], ['503', rag.status(503), 2], ['502', rag.status(502), 2], ['500', rag.status(500), 1], ['401', rag.status(401), 1], ['broken JSON', rag.brokenJson(), 1]])('tries again once where that can help: %s', async (_, behaviour, times) => {
    server.forget()
    server.next(behaviour)
    server.always(answers('plain', 'At the second try.'))
    const outcome = await ask('plain', server)
    expect(server.requests.length).toBe(times)
    expect(outcome.kind).toBe(times === 2 ? 'answer' : 'failed')
    await closeRagConnections()
  })

  it('does not try again when half of the time is gone', async () => {
    server.forget()
    server.always(rag.after(300, rag.status(503)))
    expect((await ask('plain', server, {}, LIMIT_MS)).kind).toBe('failed')
    expect(server.requests.length).toBe(1)
    await closeRagConnections()
  })

  it.each([307, 308, 301, 302])('follows a %s on its own origin with the same question and key', async (status) => {
    server.forget()
    server.next(rag.redirect('/ask/', status), rag.redirect('/answer', status))
    expect((await ask('plain', server)).kind).toBe('answer')
    expect(server.requests.map(request => request.path)).toEqual(['/ask', '/ask/', '/answer'])
    expect(server.requests[2]).toMatchObject({ method: 'POST', body: { text: question.text }, headers: { authorization: 'Bearer k' } })
    await closeRagConnections()
  })

  it('never takes the key to another origin', async () => {
    const other = await startRagServer()
    server.forget()
    server.next(rag.redirect(other.url))
    expect(await ask('plain', server)).toMatchObject({ kind: 'failed', reason: 'it redirects to another origin: put that address into the settings', costly: false })
    expect(other.requests).toEqual([])
    await closeRagConnections()
    await other.stop()
  })

  it('reads a packed answer that stays small', async () => {
    const { gzipSync } = await import('node:zlib')
    server.forget()
    server.next((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(bodies.plain('Packed.')))))
    expect(await ask('plain', server)).toMatchObject({ kind: 'answer', text: 'Packed.' })
    await closeRagConnections()
  })

  it('uses a connection again', async () => {
    server.forget()
    const ports = new Set<unknown>()
    server.always((request, response) => {
      ports.add(response.socket!.remotePort)
      return answers('plain', 'Yes.')(request, response)
    })
    for (let n = 0; n < 5; n++) await ask('plain', server)
    // The next question may come before the last one's connection is free again.
    expect(ports.size).toBeLessThanOrEqual(2)
    await closeRagConnections()
  })

  it('refuses link-local and metadata addresses, in any spelling', async () => {
    for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '[fe80::1]', '2852039166', '0xa9fea9fe', '100.100.100.200', '[fd00:ec2::254]']) {
      expect(await askRag(question, settingsOf('plain', `http://${host}/ask`), { deadlineMs: LIMIT_MS }), host).toMatchObject({ kind: 'failed', reason: 'the address was refused: it is a link-local, metadata or multicast address' })
    }
  })

  it('refuses a private address only where the operator says so', async () => {
    setEnv(readEnv({ DATA_DIR: '/tmp', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32), RAG_DENY_PRIVATE: '1' }))
    expect(await ask('plain', server)).toMatchObject({ kind: 'failed', reason: 'the address was refused: it is a private address, and RAG_DENY_PRIVATE=1' })
    expect(await askRag(question, settingsOf('plain', 'http://localhost:9/ask'), { deadlineMs: LIMIT_MS })).toMatchObject({ reason: 'the address was refused: it is a private address, and RAG_DENY_PRIVATE=1' })
    setEnv(readEnv({ DATA_DIR: '/tmp', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32) }))
    await closeRagConnections()
  })

  it('ends at once, without an outcome, when its server stops', async () => {
    server.forget()
    server.always(rag.hang())
    const stop = new AbortController()
    const asked = askRag(question, settingsOf('plain', server.url), { deadlineMs: 60_000, signal: stop.signal })
    await server.nextRequest()
    stop.abort(new Error('stopping'))
    await expect(asked).rejects.toThrow('stopping')
    await vi.waitFor(() => expect(server.openSockets()).toBe(0))
  })
})

describe('a Dify conversation that is gone', () => {
  it('is begun anew, once', async () => {
    server.forget()
    server.next(rag.status(404, { code: 'not_found', message: 'Conversation Not Exists.' }))
    server.always(answers('dify', 'From a new one.'))
    expect(await ask('dify', server, { remoteConversationId: 'gone' })).toMatchObject({ kind: 'answer', remote: { conversationId: 'c-1', messageId: 'm-1' } })
    expect(server.requests.map(request => (request.body as { conversation_id: string }).conversation_id)).toEqual(['gone', ''])
    server.forget()
    server.always(rag.status(404))
    expect(await ask('dify', server, { remoteConversationId: 'gone' })).toMatchObject({ kind: 'failed', reason: 'status 404' })
    expect(server.requests.length).toBe(2)
    await closeRagConnections()
  })
})
