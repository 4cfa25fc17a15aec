import type { Page } from '@playwright/test'
import { apiAs, expect, hydrated, register, signIn, test } from '../support/e2e'
import { OIDC_CLIENT, startOidcServer } from '../support/oidc-server'
import { startSmtpServer, type SmtpServer } from '../support/smtp-server'

const atPlan = (url: URL) => url.pathname === '/my-plan'
const devices = (page: Page) => page.getByRole('region', { name: 'Signed-in devices' })

test('the account page shows where one is signed in, ends one device and then all @phone', async ({ page, open, customer, baseURL, axe, context, allowConsole }) => {
  allowConsole(/401/)
  const elsewhere = await apiAs(customer, baseURL!)
  await open('/account')
  const section = devices(page)
  await expect(section.getByRole('listitem')).toHaveCount(2)
  // The browser of the tests signed in by the API, whose user agent Playwright makes the page's.
  await expect(section.getByText('This device')).toHaveCount(1)
  await axe()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)

  // By keyboard alone.
  await section.getByRole('listitem').getByRole('button').focus()
  await page.keyboard.press('Enter')
  await expect(section.getByRole('status').getByText('is signed out.')).toBeVisible()
  await expect(section.getByRole('heading')).toBeFocused()
  await expect(section.getByText('You are signed in here and nowhere else.')).toBeVisible()
  expect((await elsewhere.get('/api/account/plan')).status()).toBe(401)
  await elsewhere.dispose()

  await section.getByRole('button', { name: 'Sign out everywhere' }).press('Enter')
  await expect(section.getByRole('button', { name: 'Yes, sign out everywhere' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(section.getByRole('button', { name: 'Sign out everywhere' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.pathname === '/')
  expect((await context.cookies()).filter(cookie => cookie.name.includes('session'))).toEqual([])
})

test('a name is changed on the account page, and the page says when something could not be fetched', async ({ page, open, customer, allowConsole }) => {
  allowConsole(/500|503/)
  expect(customer.name).toBe('Anna')
  await page.route('**/api/account/sessions', route => route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":"Not now.","code":"UNAVAILABLE","request_id":"x"}' }))
  await open('/account')
  await expect(devices(page).getByRole('alert')).toContainText('We could not fetch this.')
  await page.unroute('**/api/account/sessions')
  await devices(page).getByRole('button', { name: 'Try again' }).click()
  await expect(devices(page).getByRole('listitem')).toHaveCount(1)

  await page.getByLabel('Your name').fill('Anna Maria Papadaki')
  await page.getByRole('button', { name: 'Save the name' }).click()
  await expect(page.getByText('Your name is saved.')).toBeVisible()
  await page.reload()
  await hydrated(page)
  await expect(page.getByLabel('Your name')).toHaveValue('Anna Maria Papadaki')
})

test('the account page is in Greek for whoever reads Greek', async ({ browser, baseURL, axe }) => {
  const context = await browser.newContext({ locale: 'el-GR', baseURL })
  const account = await register(context.request, baseURL!)
  await signIn(context, account, baseURL!)
  const page = await context.newPage()
  await page.goto('/account')
  await hydrated(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Λογαριασμός')
  await expect(page.getByText('Αυτή η συσκευή')).toBeVisible()
  await axe(page)
  await context.close()
})

test('a password that everybody tries first is refused with the reason beside the field', async ({ page, open, allowConsole }) => {
  allowConsole(/400/)
  await open('/register')
  await page.getByLabel('Your name').fill('Anna')
  await page.getByLabel('E-mail address').fill(`anna-${Date.now()}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('Password123!')
  await page.getByRole('button', { name: 'Create my account' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/among those that are guessed first/)
})

test('without a mail server and a provider the sign-in page offers neither', async ({ page, open }) => {
  await open('/sign-in')
  await expect(page.getByRole('main').getByRole('link')).toHaveText(['Start your plan'])
})

/** The link of the newest mail. */
const linkIn = (post: SmtpServer) => /http\S+/.exec(post.mails.at(-1)!.data.replace(/=\n/g, '').replaceAll('=3D', '='))![0]

test('a forgotten password is replaced by e-mail @phone', async ({ page, open, ownServer, axe, allowConsole }) => {
  test.slow()
  allowConsole(/400|401/)
  const post = await startSmtpServer()
  const origin = await ownServer.start({ SMTP_URL: post.url, LOG_LEVEL: 'info' })
  const account = await register(page.request, origin)
  await open(`${origin}/sign-in`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A new password')
  await axe()
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByRole('button', { name: 'Send me the link' }).click()
  await expect(page.getByRole('status').getByText('a link is on its way')).toBeVisible()
  await expect.poll(() => post.mails.length).toBe(1)
  const link = linkIn(post)

  const answer = await page.goto(link)
  expect([answer!.headers()['referrer-policy'], answer!.headers()['cache-control']]).toEqual(['no-referrer', 'private, no-store'])
  await hydrated(page)
  expect(page.url()).toBe(`${origin}/reset-password`)
  await axe()
  await page.getByLabel('New password', { exact: true }).fill('sunshine2024')
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(/guessed first/)
  await page.getByLabel('New password', { exact: true }).fill('a quiet new harbour')
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await page.getByRole('link', { name: 'Go to sign-in' }).click()
  await hydrated(page)
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill('a quiet new harbour')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(atPlan)

  // Once is once.
  await page.goto('about:blank')
  await open(link)
  await page.getByLabel('New password', { exact: true }).fill('another quiet harbour')
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await expect(page.getByText('This link is no longer good')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Ask for a new link' })).toBeVisible()
  expect(ownServer.process().output).not.toContain(link.split('token=')[1]!)
  expect(ownServer.process().output).not.toContain(account.email)
  await post.stop()
})

test('somebody signs in with the provider, comes back to where they were, and reads why when it does not work', async ({ page, open, ownServer, axe }) => {
  test.slow()
  const provider = await startOidcServer()
  provider.person = { sub: 'p1', email: 'eleni@example.com', email_verified: true, name: 'Eleni' }
  const origin = await ownServer.start({ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: OIDC_CLIENT.id, OIDC_CLIENT_SECRET: OIDC_CLIENT.secret, OIDC_NAME: 'Example' })
  await open(`${origin}/account`)
  const button = page.getByRole('link', { name: 'Continue with Example' })
  await axe()

  provider.mood = 'denied'
  await button.click()
  await expect(page.getByRole('alert').filter({ hasText: 'was broken off' })).toBeVisible()
  await axe()
  await hydrated(page)
  provider.mood = 'fine'
  await button.click()
  await page.waitForURL(url => url.pathname === '/account')
  await hydrated(page)
  await expect(page.getByRole('main')).toContainText('eleni@example.com')
  await expect(page.getByText('This account has no password of its own.')).toBeVisible()
  await expect(page.getByText('You can sign in with Example.')).toBeVisible()
  // The chat is there as for anybody else.
  await expect(page.getByRole('button', { name: /chat/i }).first()).toBeVisible()
  await provider.stop()
})
