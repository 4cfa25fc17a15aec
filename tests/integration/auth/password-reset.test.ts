import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { env, setEnv, type Env } from '#server/core/env'
import { rowsOf } from '#server/db/client'
import { PASSWORD, startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { startSmtpServer, type SmtpServer } from '../../support/smtp-server'

const NEW = 'a newer set of words'
let api: ApiHarness
let post: SmtpServer
let anna: SignedInClient
beforeAll(async () => {
  post = await startSmtpServer()
  api = await startApi({ variables: { SMTP_URL: post.url, VERIFY_EMAIL: 'on' } })
})
afterAll(async () => {
  await api.close()
  await post.stop()
})
beforeEach(async () => {
  await api.reset()
  post.mails.length = 0
  post.refuse(null)
  anna = await api.customer('Anna')
})

let kept: Env
beforeEach(() => void (kept = env()))
afterEach(() => setEnv(kept))

const ask = (email: string, headers?: Record<string, string>, client = api.visitor()) => client.post('/api/auth/password-reset', { email }, headers)
const confirm = (token: string, password = NEW, client = api.visitor()) => client.post('/api/auth/password-reset/confirm', { token, new_password: password })
const login = (password: string) => api.visitor().post('/api/auth/login', { email: anna.user.email, password })

/** The text of the newest mail, its quoted-printable undone. */
function mailText() {
  const { data } = post.mails.at(-1)!
  const bytes = data.slice(data.indexOf('\n\n') + 2).replace(/=\n/g, '')
  const encoding = /^Content-Transfer-Encoding: (\S+)/mi.exec(data)?.[1]?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(bytes, 'base64').toString()
  return encoding === 'quoted-printable' ? Buffer.from(bytes.replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString() : bytes
}
const linkIn = () => /http\S+/.exec(mailText())![0]
async function tokenFor(email = anna.user.email) {
  expect((await ask(email)).status).toBe(202)
  await api.settled()
  return linkIn().split('#token=')[1]!
}

describe('asking for a new password', () => {
  it('sends a link to the page, its token in the fragment, which no server and no log sees', async () => {
    await ask(anna.user.email.toUpperCase())
    await api.settled()
    expect(post.mails.map(mail => mail.to)).toEqual([[anna.user.email]])
    expect(linkIn()).toMatch(new RegExp(`^${api.origin}/reset-password#token=[\\w-]{43}$`))
    expect(mailText()).toContain('Dear Anna')
  })

  it('answers the same whether there is such an account or not, or a disabled one, and mails only to the first', async () => {
    const bob = await api.customer('Bob')
    await rowsOf(sql`update users set disabled_at = now() where id = ${bob.user.id}`)
    const answers = [await ask(anna.user.email), await ask('nobody@example.com'), await ask(bob.user.email)]
    await api.settled()
    for (const { status, body } of answers) expect([status, body]).toEqual([202, { status: 'accepted' }])
    expect(answers.map(({ headers }) => [...headers.keys()].sort())).toEqual(Array.from({ length: 3 }, () => [...answers[0]!.headers.keys()].sort()))
    expect(post.mails.map(mail => mail.to[0])).toEqual([anna.user.email])
  })

  it('writes in Greek to whoever reads Greek', async () => {
    await ask(anna.user.email, { 'accept-language': 'el-GR,el;q=0.9,en;q=0.8' })
    await api.settled()
    expect(mailText()).toMatch(/Αγαπητέ\/ή Anna,[^]*30 λεπτά/)
  })

  it('keeps only a hash of the token', async () => {
    const token = await tokenFor()
    const rows = await rowsOf(sql`select * from account_tokens`)
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('never takes the host of a link from the request, unless it is this machine’s own', async () => {
    const poisoned = await ask(anna.user.email, { 'x-forwarded-host': 'evil.example' })
    await api.settled()
    expect(poisoned.status).toBe(202)
    expect(linkIn().startsWith(api.origin)).toBe(true)

    setEnv({ ...kept, TRUST_PROXY: 1 })
    const unknown = await ask(anna.user.email, { 'x-forwarded-host': 'evil.example' })
    expect([unknown.status, unknown.body.code]).toEqual([503, 'UNAVAILABLE'])

    setEnv({ ...kept, TRUST_PROXY: 1, PUBLIC_URL: 'https://planner.example/' })
    await ask(anna.user.email, { 'x-forwarded-host': 'evil.example' })
    await api.settled()
    expect(linkIn()).toMatch(/^https:\/\/planner\.example\/reset-password#token=/)
    expect(post.mails).toHaveLength(2)
  })

  it('is a 503 for everybody alike where there is no mail server, and the sign-in page is told', async () => {
    expect((await api.visitor().get('/api/auth/options')).body).toEqual({ password_reset: true, oidc: null })
    setEnv({ ...kept, SMTP_URL: undefined })
    for (const email of [anna.user.email, 'nobody@example.com']) {
      const refused = await ask(email)
      expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '3600'])
    }
    expect((await api.visitor().get('/api/auth/options')).body).toEqual({ password_reset: false, oidc: null })
  })

  it('says nothing of a mail server that refuses the address', async () => {
    post.refuse('550 No such mailbox')
    expect((await ask(anna.user.email)).status).toBe(202)
    await api.settled()
    expect(post.mails).toEqual([])
  })

  it.each([['no address', {}], ['something else', { email: 'anna' }], ['a list', { email: ['a@b.example'] }]])('refuses %s', async (_, body) => {
    expect((await api.visitor().post('/api/auth/password-reset', body)).status).toBe(400)
  })

  it('is refused to other sites', async () => {
    expect((await ask(anna.user.email, { origin: 'https://evil.example' })).status).toBe(403)
    expect(post.mails).toEqual([])
  })

  it('does not flood a mailbox, and does not say so; one place that asks for many is stopped', async () => {
    setEnv({ ...kept, RATE_LIMITS: 'on' })
    for (let i = 0; i < 8; i++) expect((await ask(anna.user.email)).status).toBe(202)
    await api.settled()
    expect(post.mails).toHaveLength(5)
    for (let i = 8; i < 20; i++) await ask(`nobody-${i}@example.com`)
    const stopped = [await ask(anna.user.email), await ask('nobody@example.com')]
    expect(stopped.map(answer => answer.status)).toEqual([429, 429])
    // The last link sent is still good.
    expect((await confirm(linkIn().split('#token=')[1]!)).status).toBe(200)
  })
})

describe('choosing the new password', () => {
  it('sets it, ends every session and tells the owner', async () => {
    const token = await tokenFor()
    const visitor = api.visitor()
    const done = await confirm(token, NEW, visitor)
    expect([done.status, done.body]).toEqual([200, { success: true }])
    expect((await visitor.get('/api/auth/session')).body).toEqual({ user: null })
    expect((await anna.get('/api/auth/session')).body).toEqual({ user: null })
    expect([(await login(PASSWORD)).status, (await login(NEW)).status]).toEqual([401, 200])
    await api.settled()
    expect(post.mails).toHaveLength(2)
    expect(mailText()).toContain('was changed')
    const [row] = await rowsOf<{ verified: boolean }>(sql`select email_verified_at is not null as verified from users`)
    expect(row!.verified).toBe(true)
  })

  it('works once, also for two at the same moment', async () => {
    const token = await tokenFor()
    const answers = await Promise.all([confirm(token, `${NEW} 1`), confirm(token, `${NEW} 2`), confirm(token, `${NEW} 3`)])
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 400, 400])
    const again = await confirm(token)
    expect([again.status, again.body.code, again.body.details[0]]).toEqual([400, 'VALIDATION_ERROR', { path: 'token', message: expect.stringContaining('Ask for a new one'), reason: 'link_over' }])
  })

  it('works for half an hour', async () => {
    const token = await tokenFor()
    const [row] = await rowsOf<{ minutes: number }>(sql`select extract(epoch from expires_at - created_at)::float / 60 as minutes from account_tokens`)
    expect(row!.minutes).toBe(30)
    await rowsOf(sql`update account_tokens set expires_at = now() - interval '1 second'`)
    expect((await confirm(token)).status).toBe(400)
    expect((await login(PASSWORD)).status).toBe(200)
  })

  it('works with the newest link only', async () => {
    const older = await tokenFor()
    const newer = await tokenFor()
    expect((await confirm(older)).status).toBe(400)
    expect((await confirm(newer)).status).toBe(200)
  })

  it('works not for an account disabled meanwhile', async () => {
    const token = await tokenFor()
    await rowsOf(sql`update users set disabled_at = now()`)
    expect((await confirm(token)).status).toBe(400)
  })

  it('refuses a password that is easily guessed, and the link is still good after', async () => {
    const token = await tokenFor()
    for (const [password, reason] of [['Password123!', 'common'], [anna.user.email, 'personal'], ['vasilias-weddings', 'site'], ['short', undefined]] as const) {
      const refused = await confirm(token, password)
      expect([refused.status, refused.body.details[0].path, refused.body.details[0].reason]).toEqual([400, 'new_password', reason])
    }
    expect((await confirm(token)).status).toBe(200)
  })

  it.each(['', 'x', 'A'.repeat(43), '../../etc/passwd', '\u0000', 'Ω'.repeat(200), 'A'.repeat(5000)])('knows no token %j', async (token) => {
    expect((await confirm(token)).status).toBe(400)
  })

  it('knows a link for another purpose from its own', async () => {
    await rowsOf(sql`update users set email_verified_at = null`)
    expect((await anna.post('/api/account/verify-email')).status).toBe(202)
    expect((await confirm(linkIn().split('#token=')[1]!)).status).toBe(400)
    const reset = await tokenFor()
    expect((await api.visitor().post('/api/auth/verify-email', { token: reset })).status).toBe(400)
  })

  it('lets its owner in however many others guess at the account', async () => {
    setEnv({ ...kept, RATE_LIMITS: 'on' })
    const token = await tokenFor()
    const mine = api.visitor()
    await confirm(token, NEW, mine)
    for (let i = 0; i < 6; i++) await login('a guess')
    expect((await login(NEW)).status).toBe(429)
    expect((await mine.post('/api/auth/login', { email: anna.user.email, password: NEW })).status).toBe(200)
  })
})

describe('confirming an address', () => {
  const verified = async () => (await rowsOf<{ verified: boolean }>(sql`select email_verified_at is not null as verified from users where email like 'k%'`))[0]!.verified

  it('begins with the account, where VERIFY_EMAIL is on', async () => {
    await api.visitor().post('/api/auth/register', { email: 'katerina@example.com', password: PASSWORD, name: 'Katerina' })
    await api.settled()
    expect(linkIn()).toMatch(/\/confirm-email#token=[\w-]{43}$/)
    const token = linkIn().split('#token=')[1]!
    expect(await verified()).toBe(false)
    expect((await api.visitor().post('/api/auth/verify-email', { token })).status).toBe(200)
    expect(await verified()).toBe(true)
    expect((await api.visitor().post('/api/auth/verify-email', { token })).status).toBe(400)
  })

  it('is left out without it, and can be asked for from the account all the same', async () => {
    setEnv({ ...kept, VERIFY_EMAIL: 'off' })
    const visitor = api.visitor()
    await visitor.post('/api/auth/register', { email: 'katerina@example.com', password: PASSWORD, name: 'Katerina' })
    await api.settled()
    expect(post.mails).toEqual([])
    await visitor.post('/api/auth/login', { email: 'katerina@example.com', password: PASSWORD })
    expect((await visitor.post('/api/account/verify-email')).status).toBe(202)
    expect((await api.visitor().post('/api/auth/verify-email', { token: linkIn().split('#token=')[1]! })).status).toBe(200)
    expect(await verified()).toBe(true)
    // Proven is proven: nothing more is sent.
    expect((await visitor.post('/api/account/verify-email')).status).toBe(202)
    expect(post.mails).toHaveLength(1)
  })

  it('proves nothing once the account has another address', async () => {
    await anna.post('/api/account/verify-email')
    await rowsOf(sql`update users set email = 'other@example.com'`)
    expect((await api.visitor().post('/api/auth/verify-email', { token: linkIn().split('#token=')[1]! })).status).toBe(400)
    expect((await api.visitor().post('/api/account/verify-email')).status).toBe(401)
  })

  it('says when the mail cannot be sent', async () => {
    post.refuse('451 Later')
    const refused = await anna.post('/api/account/verify-email')
    expect([refused.status, refused.body.code]).toEqual([503, 'UNAVAILABLE'])
    expect(refused.body.error).not.toContain('download')
  })
})

it('a changed password is told of', async () => {
  await anna.post('/api/auth/password', { current_password: PASSWORD, new_password: NEW })
  await api.settled()
  expect(post.mails.map(mail => mail.to[0])).toEqual([anna.user.email])
})
