import type { Page } from '@playwright/test'
import { expect, test } from '../support/e2e'
import { fakeChatApi, speakGreek } from '../support/chat-page'
import { collectFiles, filesNamedIn, noteHydration, sumOf, weigh } from '../support/page-weight'

const publicPages = ['/', '/packages', '/services', '/services/food-and-drinks', '/services/rooms', '/services/decor', '/locations', '/contact', '/privacy', '/sign-in', '/register']
const customerPages = ['/my-plan', '/account']

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

test('every page tells what it is: one h1, a title and a description of its own, and its landmarks', async ({ page, open, customer }) => {
  expect(customer.name).toBeTruthy()
  const titles = new Set<string>()
  const descriptions = new Set<string | null>()
  const pages = [...publicPages.filter(path => !['/sign-in', '/register'].includes(path)), ...customerPages]
  for (const path of pages) {
    await open(path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await expect(page.getByRole('main')).toHaveCount(1)
    await expect(page.getByRole('banner')).toHaveCount(1)
    await expect(page.getByRole('contentinfo')).toHaveCount(1)
    titles.add(await page.title())
    descriptions.add(await page.locator('meta[name=description]').getAttribute('content'))
  }
  expect(titles.size).toBe(pages.length)
  expect(descriptions.size).toBe(pages.length)
})

test('people walk through the site without a full reload', async ({ page, open }) => {
  await open('/')
  await page.evaluate(() => Object.assign(window, { stillTheSamePage: true }))
  const menu = page.getByRole('navigation', { name: 'Main' })
  for (const [link, heading] of [['Packages', /honest price/], ['Services', /parts that make the day/], ['Locations', /Eight places/], ['Contact', /Ask us anything/]] as const) {
    await menu.getByRole('link', { name: link }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  }
  await page.getByRole('link', { name: 'Food and drinks' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Food and drinks')
  await page.goBack()
  await expect(page).toHaveURL(/\/contact$/)
  expect(await page.evaluate(() => 'stillTheSamePage' in window)).toBe(true)
})

test('the menu of a phone opens, closes with Escape and after a choice @phone-only', async ({ page, open }) => {
  await open('/')
  const menu = page.getByRole('navigation', { name: 'Menu' })
  await page.getByText('Menu', { exact: true }).click()
  await expect(menu).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await page.getByText('Menu', { exact: true }).click()
  await menu.getByRole('link', { name: 'Packages' }).click()
  await expect(page).toHaveURL(/\/packages$/)
  await expect(menu).toBeHidden()
})

test('the keyboard skips the header', async ({ page, open }) => {
  await open('/packages')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test('the chosen theme is in the server\'s own page, and choosing the system\'s again goes back to following it', async ({ page, open }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open('/')
  const html = page.locator('html')
  await expect(html).not.toHaveAttribute('data-theme')
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await expect(html).toHaveAttribute('data-theme', 'dark')
  expect(await (await page.request.get('/contact')).text()).toMatch(/<html[^>]*data-theme="dark"/)
  await open('/contact')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await expect(html).not.toHaveAttribute('data-theme')
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the public pages in the ${theme} theme @phone`, async ({ page, open, axe }) => {
    test.slow()
    await page.emulateMedia({ colorScheme: theme })
    for (const path of publicPages) {
      await open(path)
      await axe()
    }
  })

  test(`axe finds nothing on a customer's pages in the ${theme} theme @phone`, async ({ page, open, axe, customer }) => {
    expect(customer.name).toBeTruthy()
    await page.emulateMedia({ colorScheme: theme })
    for (const path of customerPages) {
      await open(path)
      await axe()
    }
    await page.locator('summary').click()
    await axe()
  })
}

test('nothing scrolls sideways on a screen of 320 px', async ({ page, open, customer }) => {
  expect(customer.name).toBeTruthy()
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of [...publicPages, ...customerPages]) {
    await open(path)
    expect(await overflow(page), path).toBeLessThanOrEqual(0)
  }
})

test('an address that is not there says so and leads back', async ({ page, open, axe, allowConsole }) => {
  allowConsole(/404/)
  await open('/no-such-page')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page is not here')
  await axe()
  await page.getByRole('link', { name: 'Back to the home page' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Greek wedding/)
})

test('the site reads without JavaScript, and the sign-in page says that it needs it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL, viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto('/locations')
  await expect(page.getByRole('heading', { name: 'Kanoni Terrace' })).toBeVisible()
  await page.getByText('Menu', { exact: true }).click()
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Sign in' }).click()
  // Text locators pass over noscript elements, shown or not.
  const hint = page.locator('main noscript')
  await expect(hint).toBeVisible()
  expect(await hint.innerText()).toContain('This form needs JavaScript.')
  await context.close()
})

test('a signed-in customer’s home page stays light: Nuxt with nuxt-auth and Pinia (84.8 KiB) and 25 KiB of ours', async ({ page, customer: _ }) => {
  const { total, chat, files } = await weigh(page, '/')
  expect(files.length).toBeGreaterThan(3)
  expect(chat).toBeGreaterThan(5)
  expect(total, JSON.stringify(files)).toBeLessThanOrEqual(109.8)
})

for (const { language, launcher, composer, menu } of [
  { language: 'English', launcher: /^Chat with/, composer: 'Your question', menu: 'More options' },
  { language: 'Greek', launcher: /^Συνομιλία με/, composer: 'Η ερώτησή σας', menu: 'Περισσότερες επιλογές' },
]) {
  test(`a conversation in ${language} costs a page 20 KiB at most, nothing of it before the page can be used`, async ({ page, context, open, customer: _ }) => {
    const server = await fakeChatApi(context)
    await page.addInitScript('globalThis.__name = (it) => it')
    await page.addInitScript(noteHydration)
    if (language === 'Greek') await speakGreek(page)
    const fetched = await collectFiles(context)
    const named = filesNamedIn(await (await context.request.get('/')).text())
    const ours = () => fetched.filter(file => !named.has(file.path))

    await open('/')
    const panel = page.getByRole('dialog', { name: 'VasiliasBot' })
    const say = async (text: string) => {
      await panel.getByRole('textbox', { name: composer }).fill(text)
      await panel.getByRole('textbox', { name: composer }).press('Enter')
    }
    await page.getByRole('button', { name: launcher }).click()
    await say('Hello')
    await expect(panel.getByText('You said: Hello')).toBeVisible()
    const early = await page.evaluate(paths => performance.getEntriesByType('resource').filter(({ name, startTime }) => paths.includes(new URL(name).pathname) && startTime < (window as unknown as { hydratedAt: number }).hydratedAt).map(({ name }) => name), ours().map(({ path }) => path))
    expect(early).toEqual([])
    const conversation = [...ours()]
    expect(conversation.length).toBeGreaterThan(2)
    expect(sumOf(conversation), JSON.stringify(conversation)).toBeLessThanOrEqual(20)

    server.answer = () => 'From **4,900** euros.'
    await say('How much?')
    await expect(panel.locator('strong', { hasText: '4,900' })).toBeVisible()
    const markdown = ours().slice(conversation.length)
    expect(sumOf(markdown), JSON.stringify(markdown)).toBeLessThanOrEqual(2.2)
    await panel.getByRole('button', { name: menu }).click()
    await expect(panel.getByRole('link', { name: 'PDF' })).toBeVisible()
    const everything = sumOf(ours())
    expect(everything, JSON.stringify(ours())).toBeLessThanOrEqual(25)
  })
}
