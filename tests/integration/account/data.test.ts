import { unzipSync } from 'fflate'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '#server/core/password-hash'
import { rowsOf } from '#server/db/client'
import { PASSWORD, startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let anna: SignedInClient
beforeAll(async () => {
  api = await startApi({ variables: { RATE_LIMITS: 'on' } })
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  anna = await api.customer('Anna')
})

const ask = async (client: SignedInClient, text: string) => (await client.post('/api/chatbot/messages', { message_text: text })).body
const bytes = async (path: string, client: SignedInClient) => {
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return new Uint8Array(await (await fetch(api.origin + path, { headers: { cookie } })).arrayBuffer())
}
const countOf = async (table: string) => (await rowsOf<{ count: number }>(sql`select count(*)::int as count from ${sql.identifier(table)}`))[0]!.count

describe('GET /api/account/export', () => {
  it('gives all a customer has here as JSON, and nothing that lets anybody in', async () => {
    const reply = await ask(anna, 'What happens if it rains?')
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'up', comment: 'Ωραία!' })
    await anna.put('/api/account/plan', { wedding_date: null, guests: 90, budget_euros: null, version: 0 })
    const bella = await api.customer('Bella')
    await ask(bella, 'Is there a vegan menu?')

    const { status, headers, body, text } = await anna.get('/api/account/export?format=json')
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'application/json; charset=utf-8', 'no-store'])
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="vasiliasbot-my-data-\d{4}-\d\d-\d\d\.json"$/)
    expect(body).toMatchObject({
      profile: { id: anna.user.id, email: anna.user.email, name: 'Anna', role: 'customer', has_password: true },
      plan: { guests: 90 },
      sessions: [{ expires_at: expect.any(String) }],
      conversations: [{ id: reply.conversation_id, messages: [{ seq: 1, text: 'What happens if it rains?' }, { seq: 2, text: reply.text, feedback: { value: 'up', comment: 'Ωραία!' } }] }],
      feedback: [{ message_id: reply.id, value: 'up', comment: 'Ωραία!' }],
    })
    expect(text).not.toContain('vegan')
    expect(text).not.toMatch(/hash|scrypt|token/)
    for (const cookie of anna.cookies.values()) expect(text).not.toContain(cookie)
  })

  it('gives the same as a zip with a file for each part, however long the conversation', async () => {
    const { conversation_id: id } = await ask(anna, 'What happens if it rains?')
    await rowsOf(sql`insert into messages (id, conversation_id, customer_id, seq, sender, text) select gen_random_uuid(), ${id}::uuid, ${anna.user.id}::uuid, n, 'agent', 'Γραμμή ' || n from generate_series(3, 1203) n`)
    await rowsOf(sql`update conversations set last_seq = 1203`)
    const files = unzipSync(await bytes('/api/account/export?format=zip', anna))
    const names = Object.keys(files)
    expect(names).toEqual(['profile.json', 'plan.json', 'identities.json', 'sessions.json', expect.stringMatching(new RegExp(`^conversations/\\d{4}-\\d\\d-\\d\\d-${id}\\.json$`)), 'feedback.json'])
    const parts = names.map(name => JSON.parse(new TextDecoder().decode(files[name])))
    expect(parts[0]).toMatchObject({ email: anna.user.email })
    expect(parts[4].messages.map((message: { seq: number }) => message.seq)).toEqual(Array.from({ length: 1203 }, (_, i) => i + 1))
    expect(parts[4].messages[1202].text).toBe('Γραμμή 1203')
    expect(parts[5]).toEqual([])
  })

  it('is for who is signed in, in a format there is, a few times an hour', async () => {
    expect((await api.visitor().get('/api/account/export')).status).toBe(401)
    expect((await anna.get('/api/account/export?format=exe')).status).toBe(400)
    for (let i = 0; i < 10; i++) expect((await anna.get('/api/account/export?format=json')).status).toBe(200)
    const refused = await anna.get('/api/account/export?format=json')
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('DELETE /api/account', () => {
  it('removes the account with all it wrote, keeps the rating without the person, and ends every session', async () => {
    const question = 'zxqv brimble frobnicate my secret surprise'
    const reply = await ask(anna, 'What happens if it rains?')
    await anna.post('/api/chatbot/feedback', { message_id: reply.id, value: 'down', comment: 'Anna was here' })
    await ask(anna, question)
    const bella = await api.customer('Bella')
    await ask(bella, 'Is there a vegan menu?')
    await rowsOf(sql`insert into sessions (id, token_hash, user_id, expires_at) values (gen_random_uuid(), 'another device', ${anna.user.id}::uuid, now() + interval '1 day')`)
    await rowsOf(sql`insert into audit_log (id, action, entity, entity_id, before, after) values (gen_random_uuid(), 'update', 'user', ${anna.user.id}, ${JSON.stringify({ email: anna.user.email, name: 'Anna', role: 'customer' })}::text::jsonb, null)`)
    await api.settled()

    const { status, body } = await anna.delete('/api/account', { current_password: PASSWORD })
    expect([status, body]).toEqual([200, { success: true }])
    expect(anna.cookies.has('vb_session')).toBe(false)
    expect((await api.visitor().post('/api/auth/login', { email: anna.user.email, password: PASSWORD })).status).toBe(401)
    const tables = await rowsOf<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public'`)
    for (const { name } of tables) {
      const dump = JSON.stringify(await rowsOf(sql`select * from ${sql.identifier(name)}`))
      for (const trace of [anna.user.email, 'brimble', 'Anna was here', ...(name === 'audit_log' ? [] : [anna.user.id])]) expect([name, dump.includes(trace)]).toEqual([name, false])
    }
    expect(await rowsOf(sql`select value, comment, customer_id, message_id, source from feedback`)).toEqual([{ value: 'down', comment: null, customer_id: null, message_id: null, source: 'faq' }])
    expect(await rowsOf(sql`select action, actor_id from audit_log where entity_id = ${anna.user.id} and action = 'delete'`)).toEqual([{ action: 'delete', actor_id: null }])
    expect([await countOf('conversations'), await countOf('users'), await countOf('faq_negatives')]).toEqual([1, 1, 0])

    const shown = (await (await api.admin()).get('/api/admin/feedback')).body.items
    expect(shown).toEqual([expect.objectContaining({ value: 'down', customer: null, conversation_id: null, question: null, reply: null, source: 'faq', faq_id: expect.any(String) })])
    expect((await (await api.admin()).get('/api/admin/feedback/export?format=csv')).text).toContain(',down,')
    const figures = (await (await api.admin()).get('/api/admin/analytics')).body
    expect(figures.totals.ratings).toEqual({ up: 0, down: 1 })
    expect(figures.faqs_worst_rated).toHaveLength(1)
  })

  it('asks for the current password, and counts wrong ones', async () => {
    for (const body of [{}, { current_password: '' }, { current_password: 'not this one' }]) {
      const refused = await anna.delete('/api/account', body)
      expect([refused.status, refused.body.details[0].path]).toEqual([400, 'current_password'])
    }
    for (let i = 0; i < 7; i++) await anna.delete('/api/account', { current_password: `guess ${i}` })
    expect((await anna.delete('/api/account', { current_password: PASSWORD })).status).toBe(429)
    expect((await anna.get('/api/auth/session')).body.user).not.toBeNull()
  })

  it('needs no password where there is none', async () => {
    await rowsOf(sql`update users set password_hash = null`)
    expect((await anna.delete('/api/account', {})).status).toBe(200)
    expect(await countOf('users')).toBe(0)
  })

  it('refuses other sites and the only admin, lets one of two admins go and leaves what they answered', async () => {
    expect((await anna.delete('/api/account', { current_password: PASSWORD }, { origin: 'https://evil.example' })).status).toBe(403)
    const ada = await api.admin('Ada')
    const only = await ada.delete('/api/account', { current_password: PASSWORD })
    expect([only.status, only.body.code]).toEqual([409, 'CONFLICT'])
    const eve = await api.admin('Eve')
    const { conversation_id: id } = await ask(anna, 'What happens if it rains?')
    await ada.post(`/api/admin/conversations/${id}/claim`)
    await ada.post(`/api/admin/conversations/${id}/messages`, { text: 'We put up a tent.' })
    // Two at the same moment: one stays.
    const answers = await Promise.all([ada, eve].map(admin => admin.delete('/api/account', { current_password: PASSWORD })))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
    const texts = (await anna.get(`/api/chatbot/conversations/${id}/messages`)).body.map((message: { text: string }) => message.text)
    expect(texts).toContain('We put up a tent.')
  })

  it('goes through while other tabs write and rate, and leaves nothing of either behind', async () => {
    for (let round = 0; round < 6; round++) {
      const carla = await api.customer(`Carla ${round}`)
      await rowsOf(sql`update users set password_hash = ${await hashPassword(PASSWORD)} where id = ${carla.user.id}`)
      const reply = await ask(carla, 'What happens if it rains?')
      const answers = await Promise.all([
        ...Array.from({ length: 4 }, (_, i) => carla.post('/api/chatbot/messages', { message_text: `Is there a menu for ${i}?` })),
        carla.post('/api/chatbot/feedback', { message_id: reply.id, value: 'up' }),
        carla.delete('/api/account', { current_password: PASSWORD }),
      ])
      expect(answers.at(-1)!.status, answers.at(-1)!.text).toBe(200)
      for (const answer of answers) expect([200, 401, 404, 409, 503], answer.text).toContain(answer.status)
      await api.settled()
      expect(await rowsOf(sql`select 1 from messages where customer_id = ${carla.user.id}`)).toEqual([])
    }
    expect(await countOf('conversations')).toBe(0)
  })
})
