import { chatOn, keptLocally } from '../support/chat-page'
import { expect, hydrated, register, signIn, test } from '../support/e2e'

test('a customer signs up, asks, is answered, rates, walks through the site and comes back @phone', async ({ page, open, axe }) => {
  const chat = chatOn(page)
  await open('/register')
  await page.getByLabel('Your name').fill('Eleni')
  await page.getByLabel('E-mail address').fill(`eleni-${test.info().project.name}-${Date.now()}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('three slow summer evenings')
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.waitForURL(url => url.pathname === '/my-plan')

  await test.step('opens the chat and picks a question from the list', async () => {
    await chat.open()
    const questions = chat.panel.getByRole('list', { name: 'Questions people ask' }).getByRole('button')
    await expect(questions.first()).toBeVisible()
    await axe()
    const question = await questions.first().innerText()
    await questions.first().click()
    await expect(chat.said(question)).toBeVisible()
    await expect(chat.log.getByRole('group', { name: 'Was this helpful?' })).toHaveCount(1, { timeout: 20_000 })
  })

  await test.step('rates the answer', async () => {
    const up = chat.log.getByRole('button', { name: 'Helpful', exact: true })
    const saved = page.waitForResponse(response => response.url().endsWith('/feedback') && response.ok())
    await up.click()
    await expect(up).toHaveAttribute('aria-pressed', 'true')
    await saved
  })

  await test.step('asks something in their own words', async () => {
    await chat.ask('What happens if it rains on the day?')
    await axe()
  })

  await test.step('finds the conversation again after walking to another page and a reload', async () => {
    const rows = await chat.messages.count()
    expect(rows).toBe(4)
    if (test.info().project.name === 'desktop') {
      await chat.composer.fill('Half a thought')
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Locations' }).click()
      await page.waitForURL(url => url.pathname === '/locations')
      await expect(chat.panel).toBeVisible()
      await expect(chat.composer).toHaveValue('Half a thought')
    }
    await page.reload()
    await hydrated(page)
    await expect(chat.panel).toBeVisible()
    await expect(chat.messages).toHaveCount(rows)
    await expect(chat.log.getByRole('button', { name: 'Helpful', exact: true }).first()).toHaveAttribute('aria-pressed', 'true')
    if (test.info().project.name === 'desktop') await expect(chat.composer).toHaveValue('Half a thought')
  })
})

test('nothing of the chat is loaded for somebody who is signed out, nor before the page can be used', async ({ page, open, context, baseURL }) => {
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await open('/')
  await page.waitForLoadState('networkidle')
  expect(asked.filter(url => /chatbot|ChatWidget/.test(url))).toEqual([])
  await expect(chatOn(page).launcher).toHaveCount(0)

  await signIn(context, await register(context.request, baseURL!), baseURL!)
  asked.length = 0
  await page.goto('/', { waitUntil: 'commit' })
  await hydrated(page)
  const html = await (await context.request.get('/')).text()
  expect(html).not.toContain('ChatWidget')
  await expect(chatOn(page).launcher).toBeVisible()
})

test('a second tab shows the same conversation, and both follow each other', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const first = chatOn(page)
  await first.open()
  await first.ask('How much does a wedding cost?')

  const other = await context.newPage()
  await open('/packages', other)
  const second = chatOn(other)
  await expect(second.panel).toBeVisible()
  await expect(second.messages).toHaveCount(2)
  await second.ask('Can we bring our own photographer?')
  await expect(first.messages).toHaveCount(4)

  await test.step('sign-out empties both at once', async () => {
    await other.getByRole('banner').locator('summary').click()
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.waitForURL(url => url.pathname === '/')
    await expect(first.panel).toHaveCount(0)
    await expect(first.launcher).toHaveCount(0)
    expect(await keptLocally(other)).toEqual({})
  })
})

test('another customer on the same computer sees nothing of the last one', async ({ customer, open, page, context, baseURL, allowConsole }) => {
  // A poll under way when the cookies go, or of the conversation that was the other's.
  allowConsole(/40[14]/)
  expect(customer.email).toContain('@')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('My secret budget is nineteen thousand euros')
  await chat.composer.fill('My secret draft')
  // Signed out on the server and in the browser, without the page's own sign-out: a crash, another program, a cleared cookie.
  await context.clearCookies()
  await signIn(context, await register(context.request, baseURL!, 'Bob'), baseURL!)
  const seen: string[] = []
  await page.exposeFunction('remember', (text: string) => seen.push(text))
  await page.addInitScript(() => new MutationObserver(() => (window as unknown as { remember: (text: string) => void }).remember(document.body?.innerText ?? '')).observe(document, { childList: true, subtree: true }))
  await page.goto('/')
  await hydrated(page)
  await chat.open()
  await expect(chat.panel.getByRole('list', { name: 'Questions people ask' })).toBeVisible()
  await expect(chat.messages).toHaveCount(0)
  await expect(chat.composer).toHaveValue('')
  expect(seen.join('\n')).not.toContain('secret')
  expect(JSON.stringify(await keptLocally(page))).not.toContain('secret')
})

test('the transcript can be downloaded from the menu, in each of its formats', async ({ customer, open, page }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('How much does a wedding cost?')
  for (const [name, extension] of [['Text', 'txt'], ['PDF', 'pdf'], ['JSON', 'json']] as const) {
    await chat.panel.getByRole('button', { name: 'More options' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), chat.panel.getByRole('link', { name }).click()])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^vasiliasbot-transcript-\\d{4}-\\d\\d-\\d\\d\\.${extension}$`))
    expect(await download.failure()).toBeNull()
  }
})

test('a customer deletes the chat data after a second thought, and every tab forgets it', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('How much does a wedding cost?')
  const other = await context.newPage()
  await open('/packages', other)
  await expect(chatOn(other).messages).toHaveCount(2)

  const menu = chat.panel.getByRole('button', { name: 'More options' })
  await menu.click()
  await chat.panel.getByRole('button', { name: 'Delete my chat data' }).click()
  await expect(chat.panel.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(chat.messages).toHaveCount(2)

  await menu.click()
  await chat.panel.getByRole('button', { name: 'Delete my chat data' }).click()
  await chat.panel.getByRole('button', { name: 'Delete everything' }).click()
  await expect(chat.messages).toHaveCount(0)
  await expect(chatOn(other).messages).toHaveCount(0)
  await page.reload()
  await hydrated(page)
  await expect(chat.panel.getByRole('list', { name: 'Questions people ask' })).toBeVisible()
  await expect(chat.messages).toHaveCount(0)
  await chat.ask('What happens if it rains?')
  await expect(chat.messages).toHaveCount(2)
})
