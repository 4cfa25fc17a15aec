import type { BrowserContext, Locator, Page } from '@playwright/test'
import { createChatServer, type ChatServer } from './chat-server'
import { expect } from './e2e'

/** The chat as a customer meets it: by roles and names, never by classes. */
export function chatOn(page: Page) {
  const panel = page.getByRole('dialog', { name: 'VasiliasBot' })
  const composer = panel.getByRole('textbox', { name: 'Your question' })
  const log = panel.getByRole('log', { name: 'Conversation' })
  return {
    launcher: page.getByRole('button', { name: /^Chat with VasiliasBot/ }),
    panel,
    composer,
    log,
    /** Every message on the screen, oldest first: the customer's, the bot's, and those still to be sent. */
    messages: log.locator('[data-row]'),
    async open() {
      await this.launcher.click()
      await expect(panel).toBeVisible()
    },
    async write(text: string) {
      await composer.fill(text)
      await composer.press('Enter')
    },
    /** Waits for the bot's next reply to `question` and gives the row it stands in. */
    async ask(question: string): Promise<Locator> {
      const before = await log.getByRole('group', { name: 'Was this helpful?' }).count()
      await this.write(question)
      await expect(log.getByRole('group', { name: 'Was this helpful?' })).toHaveCount(before + 1, { timeout: 20_000 })
      return log.locator('[data-row]').last()
    },
    menu: (item: string) => panel.getByRole('button', { name: 'More options' }).click().then(() => panel.getByRole('button', { name: item }).click()),
    said: (text: string) => log.locator('[data-row]').filter({ hasText: text }),
  }
}

/** What the chat keeps in this browser. */
export const keptLocally = (page: Page) => page.evaluate(() => Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('vasiliasbot:'))))

/** Has every page of a browser believe that it is Greek, as a site in Greek would be. */
export const speakGreek = (on: Page | BrowserContext) => on.addInitScript(() => new MutationObserver(() => {
  if (document.documentElement && document.documentElement.lang !== 'el') document.documentElement.lang = 'el'
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['lang'] }))

/** Puts the chat's API in memory behind every page of a context, for states that a real server only gets into with difficulty. */
export async function fakeChatApi(context: BrowserContext): Promise<ChatServer> {
  const server = createChatServer()
  server.config.polling_interval_ms = 700
  await context.route('**/api/chatbot/**', async (route) => {
    const request = route.request()
    try {
      const answer = await server.transport(request.url(), { method: request.method(), headers: request.headers(), body: request.postData() })
      await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() })
    }
    catch {
      // A fault of the test's own (no connection), or a page that has gone meanwhile.
      await route.abort('connectionfailed').catch(() => {})
    }
  })
  return server
}
