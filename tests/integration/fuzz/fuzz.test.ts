import { afterAll, beforeAll, expect, it } from 'vitest'
import { fuzz } from '../../fuzz/fuzz'
import { PASSWORD, startApi, type ApiHarness } from '../../support/api'
import { startSmtpServer, type SmtpServer } from '../../support/smtp-server'

let api: ApiHarness
let smtp: SmtpServer
beforeAll(async () => {
  smtp = await startSmtpServer()
  api = await startApi({ variables: { SMTP_URL: smtp.url } })
})
afterAll(async () => {
  await api.close()
  await smtp.stop()
})

// Long runs, and other seeds: npm run fuzz -- --requests 100000
it('answers requests made from its own document, right and wrong ones, as the document says and never with a 5xx', { timeout: 300_000 }, async () => {
  const admin = await api.admin()
  const report = await fuzz({ origin: api.origin, requests: 1_500, seed: 20_261_122, admin: { email: admin.user.email, password: PASSWORD } })
  expect(report.failures).toEqual([])
  // Most of the API has said yes at least once: it was not only refusals that were looked at.
  expect(report.reached / report.operations).toBeGreaterThan(0.5)
})
