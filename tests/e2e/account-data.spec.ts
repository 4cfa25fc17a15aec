import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { apiAs, expect, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'

test('a customer takes their data along, changes their mind once, and deletes their account for good @phone', async ({ page, open, axe, customer, baseURL, context, allowConsole }) => {
  allowConsole(/400|401/)
  const marker = 'Is there a lift to the terrace for grandmother Evanthia?'
  const api = await apiAs(customer, baseURL!)
  const reply = await (await api.post('/api/chatbot/messages', { data: { message_text: marker } })).json()
  await api.post('/api/chatbot/feedback', { data: { message_id: reply.message_id, value: 'up' } })
  await open('/account')
  const section = page.getByRole('region', { name: 'Your data' })

  const zip = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Download as ZIP' }).click()
  const file = await zip
  expect(file.suggestedFilename()).toMatch(/^vasiliasbot-my-data-.+\.zip$/)
  const files = unzipSync(readFileSync(await file.path()))
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['profile.json', 'plan.json', 'sessions.json', 'feedback.json']))
  expect(Object.values(files).map(part => new TextDecoder().decode(part)).join('')).toContain(marker)
  const json = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Download as JSON' }).click()
  expect(JSON.parse(readFileSync(await (await json).path(), 'utf8')).profile.email).toBe(customer.email)

  await section.getByRole('button', { name: 'Delete my account …' }).click()
  await expect(section.getByRole('heading', { name: 'Delete your account for good?' })).toBeFocused()
  await axe(page, 'main')
  await section.getByRole('button', { name: 'Keep my account' }).click()
  await expect(section.getByRole('button', { name: 'Delete my account …' })).toBeFocused()

  await section.getByRole('button', { name: 'Delete my account …' }).click()
  await section.getByLabel('Your password').fill('not my password')
  await section.getByRole('button', { name: 'Delete everything' }).click()
  await expect(section.getByRole('alert')).toContainText('That is not your current password.')
  await section.getByLabel('Your password').fill(customer.password)
  await section.getByRole('button', { name: 'Delete everything' }).click()
  await page.waitForURL(url => url.pathname === '/')
  expect((await context.cookies()).filter(cookie => cookie.httpOnly)).toEqual([])
  expect(await page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith('vasiliasbot:')))).toEqual([])

  expect((await api.get('/api/chatbot/conversations')).status(), 'the other session is over too').toBe(401)
  expect((await page.request.post('/api/auth/login', { data: customer })).status()).toBe(401)
  const admin = await apiAs(ADMIN, baseURL!)
  expect((await (await admin.get(`/api/admin/conversations?customer=${customer.email}`)).json()).items).toEqual([])
  const kept = (await (await admin.get('/api/admin/feedback')).json()).items
  expect(kept.filter((item: { customer: unknown, value: string }) => item.customer === null && item.value === 'up').length).toBeGreaterThan(0)
  await Promise.all([api.dispose(), admin.dispose()])
})

test('a download that is refused says so, and can be tried again', async ({ page, open, customer: _, allowConsole }) => {
  allowConsole(/429/)
  await open('/account')
  await page.route('**/api/account/export?*', route => route.fulfill({ status: 429, contentType: 'application/json', body: JSON.stringify({ error: 'That was too often: please wait 2 minutes and try again.', code: 'RATE_LIMITED', request_id: 'x' }) }))
  const section = page.getByRole('region', { name: 'Your data' })
  await section.getByRole('button', { name: 'Download as ZIP' }).click()
  await expect(section.getByRole('alert')).toHaveText('That was too often: please wait 2 minutes and try again.')
  await page.unroute('**/api/account/export?*')
  const download = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Download as ZIP' }).click()
  await download
  await expect(section.getByRole('alert')).toHaveCount(0)
})

test('an admin counts what a retention would delete before saving it', async ({ page, open, admin: _, axe, allowConsole }) => {
  allowConsole(/400/)
  await open('/admin/settings')
  const section = page.getByRole('region', { name: 'Privacy' })
  await section.getByLabel('Delete conversations after').fill('36500')
  await section.getByRole('button', { name: 'What would go?' }).click()
  await expect(section.getByText('Nothing is that old: nothing would be deleted now.')).toBeVisible()
  await section.getByLabel('Delete conversations after').fill('0')
  await section.getByRole('button', { name: 'What would go?' }).click()
  await expect(section.getByRole('alert')).toContainText('Keep conversations for at least 1 day.')
  await axe(page, 'main')
  await section.getByLabel('Delete conversations after').fill('')
  await expect(section.getByRole('button', { name: 'What would go?' })).toBeDisabled()
})

test('an error in a page is told to the server, once and without what was typed', async ({ page, open, allowConsole }) => {
  allowConsole(/uncaught|secret words/)
  await open('/')
  const reports: string[] = []
  page.on('request', request => request.url().endsWith('/api/client-errors') && reports.push(request.postData()!))
  const answered = page.waitForResponse('**/api/client-errors')
  await page.evaluate(() => {
    const fail = () => {
      throw new Error('Broken "my secret words"')
    }
    setTimeout(fail)
    setTimeout(fail)
  })
  expect((await answered).status()).toBe(204)
  await page.waitForLoadState('networkidle')
  expect(reports).toHaveLength(1)
  expect(JSON.parse(reports[0]!)).toMatchObject({ message: 'Broken "…"', page: '/' })
  expect(reports[0]).not.toContain('secret')
})
