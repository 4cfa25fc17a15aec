import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type ApiHarness } from '../../support/api'

const onPostgres = process.env.TEST_DB === 'postgres'
let api: ApiHarness

describe.skipIf(!onPostgres)('with a read replica', () => {
  beforeAll(async () => {
    // Never opened here: what counts is the cookie that tells who has to read from the primary.
    api = await startApi({ variables: { DATABASE_REPLICA_URL: 'postgres://nobody@127.0.0.1:1/x' } })
  })
  afterAll(() => api?.close())

  it('an admin who changes something carries a mark for ten seconds, and one who reads does not', async () => {
    const admin = await api.admin()
    expect((await admin.get('/api/admin/conversations')).headers.getSetCookie()).toEqual([])
    const { version } = (await admin.get('/api/admin/config')).body
    const changed = await admin.put('/api/admin/config', { version, bot_name: 'Vasilis' })
    expect(changed.status, changed.text).toBe(200)
    expect(changed.headers.getSetCookie()).toEqual([expect.stringMatching(/^vb_wrote=1; Max-Age=10; Path=\/api\/admin; HttpOnly; SameSite=Lax/)])
    expect(admin.cookies.has('vb_wrote')).toBe(true)
    expect((await admin.get('/api/admin/conversations')).status).toBe(200)
  })

  it('a customer never does, nor somebody who is refused', async () => {
    const anna = await api.customer()
    expect((await anna.post('/api/chatbot/messages', { message_text: 'What happens if it rains?' })).headers.getSetCookie()).toEqual([])
    const refused = await anna.put('/api/admin/config', { version: 1 })
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []])
  })
})

it.skipIf(!onPostgres)('without one nobody carries a mark', async () => {
  const plain = await startApi()
  const admin = await plain.admin()
  const { version } = (await admin.get('/api/admin/config')).body
  expect((await admin.put('/api/admin/config', { version, bot_name: 'Vasilis' })).headers.getSetCookie()).toEqual([])
  await plain.close()
})
