import type { Page } from '@playwright/test'
import { apiAs, expect, hydrated, register, test, type Account } from '../support/e2e'

async function fillSignIn(page: Page, { email, password }: Pick<Account, 'email' | 'password'>) {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const atPlan = (url: URL) => url.pathname === '/my-plan'

test('a new customer starts a plan, signs out and comes back @phone', async ({ page, open, context }) => {
  const account = { name: 'Katerina Papadaki', email: `katerina-${test.info().project.name}-${Date.now()}@example.com`, password: 'three slow summer evenings' }
  await open('/register')
  await page.getByLabel('Your name').fill(account.name)
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.waitForURL(atPlan)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Katerina’s plan')

  await page.goto('/account')
  await hydrated(page)
  await expect(page.getByRole('main')).toContainText(account.email)
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(url => url.pathname === '/')
  expect((await context.cookies()).filter(cookie => cookie.name.includes('session'))).toEqual([])
  await open('/my-plan')
  await expect(page).toHaveURL(/\/sign-in\?redirect=\/my-plan$/)
  await fillSignIn(page, account)
  await page.waitForURL(atPlan)
})

test('a wrong password and an unknown address get the same friendly sentence', async ({ page, open, baseURL, allowConsole }) => {
  allowConsole(/401/)
  const account = await register(page.request, baseURL!)
  await open('/sign-in')
  const sentence = 'That e-mail address and password do not go together. Please check both and try again.'
  await fillSignIn(page, { ...account, password: 'not the password' })
  const alert = page.locator('.form-problem')
  await expect(alert).toHaveText(sentence)
  await expect(alert).toBeFocused()
  await fillSignIn(page, { email: 'nobody@example.com', password: account.password })
  await expect(alert).toHaveText(sentence)
  await expect(page).toHaveURL(/\/sign-in$/)
  await fillSignIn(page, account)
  await page.waitForURL(atPlan)
})

test('an empty form says what is missing, beside each field and in one place that takes the focus', async ({ page, open }) => {
  await open('/register')
  await page.getByRole('button', { name: 'Create my account' }).click()
  const summary = page.locator('.form-problem')
  await expect(summary).toBeFocused()
  await expect(summary.getByRole('link')).toHaveCount(3)
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Tell us your name.')
  await summary.getByRole('link', { name: 'Tell us your name.' }).click()
  await expect(page.getByLabel('Your name')).toBeFocused()
})

test('an address that has an account already is told so', async ({ page, open, baseURL, allowConsole }) => {
  allowConsole(/409/)
  const account = await register(page.request, baseURL!)
  await open('/register')
  await page.getByLabel('Your name').fill('Anna')
  await page.getByLabel('E-mail address').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill('another long password')
  await page.getByRole('button', { name: 'Create my account' }).click()
  await expect(page.locator('.form-problem')).toContainText('There is an account with this e-mail address already')
})

test('the password can be looked at while it is typed', async ({ page, open }) => {
  await open('/sign-in')
  const field = page.getByLabel('Password', { exact: true })
  await field.fill('olive')
  await page.getByRole('button', { name: 'Show password' }).click()
  await expect(field).toHaveAttribute('type', 'text')
  await expect(field).toHaveValue('olive')
  await page.getByRole('button', { name: 'Hide password' }).click()
  await expect(field).toHaveAttribute('type', 'password')
})

test('sign-in leads to where one wanted to go, and never off the site', async ({ page, open, baseURL, context }) => {
  const account = await register(page.request, baseURL!)
  await open('/account')
  await expect(page).toHaveURL(/\/sign-in\?redirect=\/account$/)
  await fillSignIn(page, account)
  await page.waitForURL(url => url.pathname === '/account')
  // Signed in already: the page passes on at once, by the same rule.
  await page.goto('/sign-in?redirect=/contact')
  await expect(page).toHaveURL(/\/contact$/)
  for (const hostile of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', '/%5Celsewhere.example', '/%09/elsewhere.example']) {
    // Away from the page first: what it is still asking the server would be refused, and the browser logs that.
    await page.goto('about:blank')
    await context.clearCookies()
    await open(`/sign-in?redirect=${hostile}`)
    await fillSignIn(page, account)
    await page.waitForURL(atPlan)
    expect(new URL(page.url()).origin).toBe(baseURL)
  }
})

test('a changed password ends the other sessions and is the only one that works', async ({ page, open, customer, baseURL, allowConsole }) => {
  allowConsole(/401|400/)
  const elsewhere = await apiAs(customer, baseURL!)
  await open('/account')
  const section = page.getByRole('region', { name: 'Password' })
  await section.getByLabel('Current password').fill('not the password')
  await section.getByLabel('New password').fill('a quiet new harbour')
  await section.getByRole('button', { name: 'Change password' }).click()
  await expect(section.getByRole('alert')).not.toBeEmpty()
  await section.getByLabel('Current password').fill(customer.password)
  await section.getByRole('button', { name: 'Change password' }).click()
  await expect(section.getByText('Your password is changed.')).toBeVisible()
  await expect(section.getByLabel('New password')).toHaveValue('')

  expect((await elsewhere.get('/api/account/plan')).status()).toBe(401)
  await elsewhere.dispose()
  await page.reload()
  await expect(page.getByRole('main')).toContainText(customer.email)
  const refused = await page.request.post('/api/auth/login', { data: { email: customer.email, password: customer.password } })
  expect(refused.status()).toBe(401)
  const taken = await page.request.post('/api/auth/login', { data: { email: customer.email, password: 'a quiet new harbour' } })
  expect(taken.status()).toBe(200)
})

test('signing out without a connection says that one is still signed in', async ({ page, open, customer, context, allowConsole }) => {
  allowConsole(/ERR_INTERNET_DISCONNECTED|Error fetching app manifest/)
  await open('/account')
  await expect(page.getByRole('main')).toContainText(customer.email)
  await context.setOffline(true)
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('main').getByText('You are still signed in')).toBeVisible()
  await context.setOffline(false)
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL(url => url.pathname === '/')
})
