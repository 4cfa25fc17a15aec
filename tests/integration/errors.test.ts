import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, setDatabase, type Db } from '#server/db/client'
import { startApi, type ApiHarness, type SignedInClient } from '../support/api'

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi()
  anna = await api.customer('Anna')
})
afterAll(() => api.close())

/** A database whose every method throws. */
const failingDb = (error: Error): Db => new Proxy({} as Db, {
  get: () => () => {
    throw error
  },
})

describe('every failure under /api', () => {
  it.each(['/api/', '/api/nothing', '/api/chatbot', '/api/chatbot/messages/x/y', '/api/admin/secrets'])('has the contract’s body: %s', async (path) => {
    const { status, body, headers } = await anna.get(path)
    expect(status).toBe(404)
    expect(body).toEqual({ error: expect.any(String), code: 'NOT_FOUND', request_id: headers.get('x-request-id') })
  })

  it('takes a good request id over and makes one for a bad one', async () => {
    const given = await anna.get('/api/chatbot/config', { 'x-request-id': 'from-the_proxy.1' })
    expect(given.headers.get('x-request-id')).toBe('from-the_proxy.1')
    for (const bad of ['a b', 'x'.repeat(65), '<script>']) {
      const made = await anna.get('/api/nothing', { 'x-request-id': bad })
      expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(made.body.request_id).toBe(made.headers.get('x-request-id'))
    }
  })

  it('answers HEAD as GET without the body', async () => {
    const head = await anna.request('HEAD', '/api/chatbot/faqs')
    expect([head.status, head.text]).toEqual([200, ''])
  })

  it('is 503 with Retry-After while the database cannot be asked, and well again after', async () => {
    const whole = database()
    setDatabase({ ...whole, db: failingDb(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })) })
    const answers = [await anna.get('/api/chatbot/conversations'), await anna.post('/api/chatbot/messages', { message_text: 'hello' }), await anna.get('/api/health/ready')]
    setDatabase(whole)
    for (const { status, body, headers } of answers) {
      expect([status, body.code, Number(headers.get('retry-after'))]).toEqual([503, 'UNAVAILABLE', 2])
      expect(JSON.stringify(body)).not.toContain('ECONNREFUSED')
    }
    expect((await anna.get('/api/health/live')).status).toBe(200)
    expect((await anna.get('/api/health/ready')).body).toEqual({ status: 'ready' })
  })

  it('hides an unforeseen error and logs it', async () => {
    const whole = database()
    setDatabase({ ...whole, db: failingDb(new Error('the secret reason')) })
    const failed = await anna.get('/api/chatbot/conversations')
    setDatabase(whole)
    expect([failed.status, failed.body.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(failed.text).not.toContain('secret reason')
  })
})
