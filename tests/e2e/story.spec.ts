import type { Page } from '@playwright/test'
import { expect, hydrated, test } from '../support/e2e'

const launcher = (page: Page) => page.getByRole('button', { name: /^Chat with / })
const chat = (page: Page) => page.getByRole('dialog')
const log = (page: Page) => chat(page).getByRole('log', { name: 'Conversation' })

async function ask(page: Page, text: string) {
  await chat(page).getByRole('textbox', { name: 'Your question' }).fill(text)
  await chat(page).getByRole('button', { name: 'Send', exact: true }).click()
}

test('a customer signs up, asks, is answered, rates it, walks on, reloads, and finds it all again after the server was restarted and after it was killed', async ({ page, ownServer, axe, allowConsole }) => {
  test.setTimeout(300_000)
  const origin = await ownServer.start()

  await test.step('signs up on the planner site', async () => {
    await page.goto(`${origin}/register`)
    await hydrated(page)
    await page.getByLabel('Your name').fill('Eleni Markou')
    await page.getByLabel('E-mail address').fill('eleni@example.com')
    await page.getByLabel('Password', { exact: true }).fill('three slow summer evenings')
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.waitForURL(url => url.pathname === '/my-plan')
  })

  await test.step('asks and is answered from the FAQs', async () => {
    await launcher(page).click()
    await ask(page, 'What happens if it rains?')
    await expect(log(page)).toContainText('What happens if it rains?')
    await expect(log(page)).toContainText('plan B')
    await axe()
  })

  await test.step('rates the answer', async () => {
    const helpful = log(page).getByRole('button', { name: 'Helpful', exact: true }).last()
    const stored = page.waitForResponse(response => response.url().endsWith('/api/chatbot/feedback') && response.ok())
    await helpful.click()
    await stored
    await expect(helpful).toHaveAttribute('aria-pressed', 'true')
  })

  const isAllThere = async () => {
    await expect(log(page)).toContainText('What happens if it rains?')
    await expect(log(page)).toContainText('plan B')
    await expect(log(page).getByRole('button', { name: 'Helpful', exact: true }).last()).toHaveAttribute('aria-pressed', 'true')
  }

  await test.step('walks through the site without losing the conversation', async () => {
    await page.getByRole('banner').getByRole('link', { name: 'Packages' }).click()
    await page.waitForURL(url => url.pathname === '/packages')
    await isAllThere()
  })

  await test.step('reloads', async () => {
    await page.reload()
    await hydrated(page)
    await isAllThere()
  })

  // While the server is away the page's own polls fail, and the browser says so.
  allowConsole(/Failed to load resource|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET/)

  await test.step('comes back after a restart of the server', async () => {
    await ownServer.stop()
    await ownServer.start()
    await page.reload()
    await hydrated(page)
    await isAllThere()
  })

  await test.step('and after the server was killed without a word', async () => {
    await ask(page, 'How much do you charge?')
    await expect(log(page)).toContainText('How much do you charge?')
    const replies = page.waitForFunction(() => document.querySelectorAll('[role=log] [aria-pressed]').length >= 4)
    await replies
    await ownServer.kill()
    await ownServer.start()
    // Nothing kept on this device: what shows now is the server's.
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await hydrated(page)
    if (await launcher(page).isVisible()) await launcher(page).click()
    await isAllThereIn(page, ['What happens if it rains?', 'plan B', 'How much do you charge?'])
  })
})

async function isAllThereIn(page: Page, texts: string[]) {
  for (const text of texts) await expect(log(page)).toContainText(text)
}
