import { afterEach, describe, expect, it } from 'vitest'
import { rag, refusedUrl, startRagServer, type RagServer } from '../../../support/rag-server'

let server: RagServer | undefined
afterEach(() => server?.stop())

const ask = (url: string, init: RequestInit = {}) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"Hi"}', ...init })

describe('the fake RAG server', () => {
  it('answers as told, one behaviour a request, and keeps what it was asked', async () => {
    server = await startRagServer(rag.answer('Always.'))
    server.next(rag.answer('First.', [{ title: 'Menu', url: 'https://x.test/menu' }]), rag.status(503))
    expect(await (await ask(server.url)).json()).toEqual({ answer: 'First.', sources: [{ title: 'Menu', url: 'https://x.test/menu' }] })
    expect((await ask(server.url)).status).toBe(503)
    expect(await (await ask(server.url)).json()).toEqual({ answer: 'Always.' })
    expect(server.requests.map(request => request.body)).toEqual([{ text: 'Hi' }, { text: 'Hi' }, { text: 'Hi' }])
  })

  it('hangs until the caller gives up, and closes every socket when it stops', async () => {
    server = await startRagServer(rag.hang())
    await expect(ask(server.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout|aborted/)
    await server.stop()
    expect(server.openSockets()).toBe(0)
  })

  it.each([['reset', rag.reset()], ['cut off', rag.cutOff()], ['wrong length', rag.wrongLength(4000)], ['gibberish', rag.gibberish()]])('breaks the connection: %s', async (_, behaviour) => {
    server = await startRagServer(behaviour)
    await expect(ask(server.url).then(response => response.text())).rejects.toThrow()
  })

  it('floods no longer than it is read', async () => {
    server = await startRagServer(rag.flood())
    const reader = (await ask(server.url)).body!.getReader()
    expect((await reader.read()).value!.length).toBeGreaterThan(0)
    await reader.cancel()
  })

  it('refuses on an address where nobody listens', async () => {
    await expect(ask(await refusedUrl())).rejects.toThrow()
  })

  it('hands over requests one by one as they come in', async () => {
    server = await startRagServer()
    const first = server.nextRequest()
    await ask(server.url, { headers: { authorization: 'Bearer k' } })
    expect((await first).headers.authorization).toBe('Bearer k')
  })
})
