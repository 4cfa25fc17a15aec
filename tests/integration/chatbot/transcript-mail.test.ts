import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { env, setEnv } from '#server/core/env'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'
import { startSmtpServer, type SmtpServer } from '../../support/smtp-server'

let api: ApiHarness
let post: SmtpServer
let anna: SignedInClient
let path: string
beforeAll(async () => {
  post = await startSmtpServer()
  api = await startApi({ variables: { SMTP_URL: post.url } })
  anna = await api.customer()
  const reply = await anna.post('/api/chatbot/messages', { message_text: 'How much does it cost?' })
  path = `/api/chatbot/conversations/${reply.body.conversation_id}/transcript`
})
beforeEach(() => {
  post.mails.length = 0
  post.refuse(null)
})
afterAll(async () => {
  await api.close()
  await post.stop()
})

const send = () => anna.post(path, { delivery: 'email' })

describe('a transcript by mail', () => {
  it('goes to the customer’s own address with the PDF', async () => {
    expect(await send()).toMatchObject({ status: 202, body: { delivery: 'email', status: 'accepted' } })
    expect(post.mails).toHaveLength(1)
    const [mail] = post.mails
    expect([mail!.from, mail!.to]).toEqual(['no-reply@127.0.0.1', [anna.user.email]])
    expect(mail!.data).toMatch(/^Subject: Your conversation with us$/m)
    expect(mail!.data).toMatch(/^Content-Type: application\/pdf; name=vasiliasbot-transcript-\d{4}-\d\d-\d\d\.pdf$/m)
    const pdf = /^Content-Disposition: attachment[^]*?\n\n([^-]+)\n--/m.exec(mail!.data)?.[1] ?? ''
    expect(Buffer.from(pdf, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('comes from MAIL_FROM where one is set', async () => {
    const before = env()
    setEnv({ ...before, MAIL_FROM: 'Vasilias <hello@planner.example>' })
    expect((await send()).status).toBe(202)
    setEnv(before)
    expect(post.mails[0]!.from).toBe('hello@planner.example')
    expect(post.mails[0]!.data).toMatch(/^From: Vasilias <hello@planner\.example>$/m)
  })

  it('that the mail server does not take is a 503 to try again, without its words', async () => {
    post.refuse('550 Mailbox secret-internal-name unknown')
    const refused = await send()
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '60'])
    expect(refused.text).not.toContain('secret-internal-name')
    expect(post.mails).toEqual([])
  })

  it('of somebody else’s conversation is not sent', async () => {
    const bob = await api.customer('Bob')
    expect((await bob.post(path, { delivery: 'email' })).status).toBe(404)
    expect((await api.visitor().post(path, { delivery: 'email' })).status).toBe(401)
    expect(post.mails).toEqual([])
  })
})
