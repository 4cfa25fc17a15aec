import type { LookupAddress } from 'node:dns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEnv, setEnv } from '#server/core/env'
import { EndpointEncoder } from '#server/services/answering/faq-matcher/encoder/embedding-endpoint'
import { closeRagConnections, createDispatcher } from '#server/services/answering/rag/http/dispatcher'
import { startDeadline } from '#server/services/answering/rag/http/deadline'
import { postJson } from '#server/services/answering/rag/http/exchange'
import { refusalOf } from '#server/services/answering/rag/http/address-rules'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { rag, startRagServer, type RagServer } from '../../support/rag-server'

/** Where clouds keep a machine's credentials, in the spellings that filters have been got round with. */
const metadata = [
  '169.254.169.254', '169.254.170.2', '169.254.0.1', '169.254.169.254.', '2852039166', '0xa9fea9fe', '0xA9.0xFE.0xA9.0xFE', '0251.0376.0251.0376', '025177524776', '169.254.43518', '169.16689662', '0xa9.254.0251.254',
  '%31%36%39.254.169.254', '１６９.２５４.１６９.２５４', '169。254。169。254', '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
  '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[0:0:0:0:0:ffff:a9fe:a9fe]', '[::169.254.169.254]', '[::ffff:0:169.254.169.254]', '[64:ff9b::169.254.169.254]', '[64:ff9b:1::a9fe:a9fe]', '[2002:a9fe:a9fe::]', '[2001::5601:5601]',
  '[fe80::1]', '[febf::1]', '[fd00:ec2::254]', '[FD00:0EC2:0:0:0:0:0:0254]', '[fd20:ce::254]', '100.100.100.200', '[::ffff:100.100.100.200]', '[64:ff9b::6464:64c8]', '[2002:6464:64c8::1]', '192.0.0.192', '168.63.129.16', '[::ffff:168.63.129.16]', '[64:ff9b::a83f:8110]',
  '224.0.0.1', '255.255.255.255', '[ff02::1]', '[::ffff:224.0.0.1]',
]

/** This machine and private networks, likewise. */
const privates = [
  '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.255.255.254', '0', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '3232235777', '100.64.0.1', '198.18.0.1', '240.0.0.1',
  '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]', '[2001::80ff:fffe]', '[fc00::1]', '[fd12:3456::1]', '[fec0::1]', 'localhost',
]

const publics = ['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '169.253.0.1', '192.0.1.1', '2606:4700::1111', '2a00:1450::200e', '2001:4860::8888']

const otherSchemes = ['file:///etc/passwd', 'ftp://example.com/', 'gopher://127.0.0.1:6379/_INFO', 'dict://127.0.0.1:11211/', 'ldap://127.0.0.1/', 'data:application/json,{"answer":"x"}', 'javascript:alert(1)', 'unix:/var/run/docker.sock', 'ws://127.0.0.1/', 'blob:http://127.0.0.1/x', '//169.254.169.254/', 'http:/', 'jar:http://127.0.0.1!/', 'netdoc:///etc/passwd']
const withCredentials = ['http://user@example.com/', 'http://user:key@example.com/', 'https://:key@example.com/', 'http://example.com@169.254.169.254/', 'http://example.com:80@127.0.0.1/']

const never = 'the address was refused: it is a link-local, metadata or multicast address'
const denied = 'the address was refused: it is a private address, and RAG_DENY_PRIVATE=1'
const testEnv = (more: Record<string, string> = {}) => setEnv(readEnv({ DATA_DIR: '/tmp', AUTH_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: 'x'.repeat(32), ...more }))

describe('an admin’s RAG address', () => {
  let api: ApiHarness
  let admin: SignedInClient
  beforeAll(async () => {
    api = await startApi()
    admin = await api.admin()
  }, 120_000)
  afterAll(() => api.close())
  const put = async (fields: Record<string, unknown>) => admin.put('/api/admin/config', { version: (await admin.get('/api/admin/config')).body.version, ...fields })

  it.each(metadata)('%s: is never called', async (host) => {
    expect((await admin.post('/api/admin/config/test', { rag_api_url: `http://${host}/latest/meta-data/` })).body).toMatchObject({ ok: false, outcome: 'failed', status: null, reason: never })
  })

  it.each([...otherSchemes, ...withCredentials])('%s: is neither stored nor tried', async (url) => {
    for (const field of ['rag_api_url', 'rag_feedback_url']) {
      const refused = await put({ [field]: url })
      expect(refused.status, field).toBe(400)
      expect(refused.body.details[0].path).toBe(field)
    }
    expect((await admin.post('/api/admin/config/test', { rag_api_url: url })).status).toBe(400)
    expect((await admin.get('/api/admin/config')).body).toMatchObject({ rag_api_url: null, rag_feedback_url: null })
  })

  it('that is stored all the same leads nowhere: the customer gets the fallback', async () => {
    expect((await put({ rag_api_url: 'http://[::ffff:169.254.169.254]/', rag_timeout_ms: 5_000 })).status).toBe(200)
    const customer = await api.customer()
    const reply = await customer.post('/api/chatbot/messages', { message_text: 'zxqv brimble frobnicate quux' })
    expect(reply).toMatchObject({ status: 200, body: { source: 'fallback' } })
    expect((await admin.get('/api/admin/rag/status')).body.last_error).toMatchObject({ reason: never, status: null })
    await put({ rag_api_url: null })
  }, 60_000)
})

describe('where the operator denies private addresses', () => {
  let api: ApiHarness
  let admin: SignedInClient
  beforeAll(async () => {
    api = await startApi({ variables: { RAG_DENY_PRIVATE: '1' } })
    admin = await api.admin()
  }, 120_000)
  afterAll(() => api.close())

  it.each(privates)('%s: is not called', async (host) => {
    expect((await admin.post('/api/admin/config/test', { rag_api_url: `http://${host}:9/ask` })).body).toMatchObject({ ok: false, outcome: 'failed', reason: denied })
  })
})

describe('the rules for addresses', () => {
  it.each(publics)('let %s through', address => expect(refusalOf(address, true)).toBeNull())

  it('allow private addresses unless they are denied, and refuse what is no address', () => {
    for (const host of ['127.0.0.1', '10.0.0.1', '[::1]', '::ffff:192.168.0.1', 'fd00::1']) expect(refusalOf(host, false), host).toBeNull()
    for (const host of ['example.com', '', '1.2.3', '::g']) expect(refusalOf(host, false), host).toBe('it is not an IP address')
  })
})

describe('names and redirects', () => {
  let server: RagServer
  let elsewhere: RagServer
  beforeAll(async () => {
    testEnv()
    server = await startRagServer()
    elsewhere = await startRagServer()
  })
  afterAll(async () => {
    await closeRagConnections()
    await server.stop()
    await elsewhere.stop()
    setEnv(undefined)
  })

  const post = async (url: string, resolve: (name: string) => string[]) => {
    const dispatcher = await createDispatcher((name, _, done) => done(null, resolve(name).map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }))))
    const deadline = startDeadline(10_000)
    try {
      return await postJson({ url, body: {} }, { headers: {}, deadline, dispatcher })
    }
    finally {
      deadline.clear()
      await dispatcher.destroy()
    }
  }
  const port = () => new URL(server.url).port

  // The look-up is ours, so any name will do; one that ends so is let through by the guard that keeps tests on this machine.
  it.each(['169.254.169.254', 'fd00:ec2::254', '::ffff:169.254.169.254', '100.100.100.200'])('a name such as metadata.google.internal, which leads to %s, is refused', async (address) => {
    await expect(post('http://metadata.google.internal.localhost/computeMetadata/v1/', () => [address])).rejects.toThrow(never)
  })

  it('one forbidden address among several refuses the name', async () => {
    await expect(post(`http://rag.localhost:${port()}/ask`, () => ['127.0.0.1', '169.254.169.254'])).rejects.toThrow(never)
    expect(server.requests).toEqual([])
  })

  it('the address that was looked at is the one that is called: a name that changes its mind is looked up once a connection', async () => {
    server.forget()
    let lookups = 0
    const answer = await post(`http://rebinding.localhost:${port()}/ask`, () => (lookups++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']))
    expect(answer.status).toBe(200)
    expect(lookups).toBe(1)
    expect(server.requests[0]!.headers.host).toBe(`rebinding.localhost:${port()}`)
  })

  it('a name that turns bad between a lost connection and the next try is refused', async () => {
    server.forget()
    server.next(rag.reset())
    let lookups = 0
    await expect(post(`http://rebinding.localhost:${port()}/ask`, () => (lookups++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']))).rejects.toThrow(never)
    expect(server.requests).toHaveLength(1)
  })

  it.each([301, 302, 307, 308])('a %s to another host, port or scheme is not followed', async (status) => {
    for (const location of [elsewhere.url, 'http://169.254.169.254/latest/', '//169.254.169.254/', `https://127.0.0.1:${port()}/`, 'file:///etc/passwd', `http://user:key@127.0.0.1:${new URL(elsewhere.url).port}/`]) {
      server.forget()
      server.next(rag.redirect(location, status))
      await expect(post(server.url, () => []), location).rejects.toThrow('it redirects to another origin')
    }
    expect(elsewhere.requests).toEqual([])
  })

  it('an embedding endpoint follows no redirect, and its address takes no credentials', async () => {
    server.forget()
    server.always(rag.redirect(elsewhere.url))
    expect(await new EndpointEncoder({ url: server.url, model: 'm', key: 'secret', questionDeadline: 10_000 }).encode(['a text'])).toBeNull()
    expect(elsewhere.requests).toEqual([])
    expect(() => readEnv({ DATA_DIR: '/tmp', EMBEDDINGS_URL: 'https://user:key@host/v1/embeddings', EMBEDDINGS_MODEL: 'm' })).toThrow('Put the key into EMBEDDINGS_KEY, not into EMBEDDINGS_URL.')
    for (const url of otherSchemes) expect(() => readEnv({ DATA_DIR: '/tmp', EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: 'm' }), url).toThrow('EMBEDDINGS_URL must look like')
  })
})
