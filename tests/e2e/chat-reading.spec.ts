import { chatOn, fakeChatApi, speakGreek } from '../support/chat-page'
import { expect, hydrated, test } from '../support/e2e'

const LONG = 5000

test('reads upward through a conversation of 5,000 messages without jumps, and back to the newest', async ({ customer, open, page, context }) => {
  test.setTimeout(120_000)
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  const conversation = server.begin()
  for (let index = 1; index <= LONG; index++) {
    server.add(conversation, index % 2 ? { sender: 'customer', text: `Question ${index}?` } : { text: `Reply ${index}: for **80 guests** about *14,000 euros*.\n\n- the venue\n- the dinner` })
  }
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await expect(chat.said(`Reply ${LONG}:`)).toBeVisible()
  // Replies are shown as they are until the part that draws Markdown is there; that changes their height once.
  await expect(chat.log.locator('strong').last()).toBeVisible()

  // Scrolls up bit by bit; what is in sight must only ever move by what was scrolled.
  const result = await chat.log.evaluate(async (box) => {
    const frame = () => new Promise(requestAnimationFrame)
    let jumps = 0
    let most = 0
    for (let step = 0; step < 250; step++) {
      const top = box.getBoundingClientRect().top
      const seen = [...box.querySelectorAll<HTMLElement>('.vb-bubble')].find(bubble => bubble.getBoundingClientRect().top > top)!
      const before = seen.getBoundingClientRect().top
      const scrolled = box.scrollTop
      box.scrollTop -= 300
      const by = scrolled - box.scrollTop
      await frame()
      await frame()
      if (seen.isConnected && Math.abs(seen.getBoundingClientRect().top - before - by) > 4) jumps++
      most = Math.max(most, box.querySelectorAll('[data-row]').length)
    }
    return { jumps, most, first: Number(box.querySelector<HTMLElement>('[data-row]')!.dataset.seq) }
  })
  expect(result.first).toBeLessThan(LONG - 150)
  expect(result.most).toBeLessThanOrEqual(130)
  expect(result.jumps).toBe(0)

  server.add(conversation, { text: 'A new reply meanwhile' })
  await chat.panel.getByRole('button', { name: 'New messages' }).filter({ hasText: 'New messages' }).click()
  await expect(chat.said('A new reply meanwhile')).toBeInViewport()
})

test('a reply that comes while the reader is further up does not move the page, and is offered', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  const conversation = server.begin(Array.from({ length: 20 }, (_, index) => ({ text: `Reply number ${index}. ${'Some words. '.repeat(20)}` })))
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await expect(chat.said('Reply number 19')).toBeInViewport()
  await chat.log.evaluate(box => (box.scrollTop = 400))
  const before = await chat.log.evaluate(box => box.scrollTop)
  server.add(conversation, { text: 'Something new' })
  const button = chat.panel.getByRole('button', { name: 'New messages' })
  await expect(button).toHaveText('New messages')
  expect(Math.abs(await chat.log.evaluate(box => box.scrollTop) - before)).toBeLessThan(2)
  await button.click()
  await expect(chat.said('Something new')).toBeInViewport()
  await expect(button).toHaveCount(0)
})

test('a phone that is turned, or a page that is zoomed, still shows the newest message', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin(Array.from({ length: 30 }, (_, index) => ({ text: `Reply number ${index}. ${'Some words. '.repeat(15)}` })))
  await page.setViewportSize({ width: 844, height: 390 })
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const fromEnd = () => chat.log.evaluate(box => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight))
  for (const [width, height] of [[390, 844], [844, 390], [320, 256], [1280, 800]] as const) {
    await page.setViewportSize({ width, height })
    await expect.poll(fromEnd, `${width} × ${height}`).toBeLessThanOrEqual(1)
    await expect(chat.panel.getByRole('button', { name: 'New messages' })).toHaveCount(0)
  }
})

test('a reply that comes while the chat is closed is counted on the button, also after a reload', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.answer = () => null
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.write('A difficult question')
  await expect(chat.panel.getByText('VasiliasBot is typing')).toBeAttached()
  await chat.panel.getByRole('button', { name: 'Close the chat' }).click()
  await expect(chat.launcher).toBeFocused()
  await page.reload()
  await hydrated(page)
  server.answerLate(server.active()!.messages[0]!, 'The answer, at last')
  await expect(page.getByRole('button', { name: 'Chat with VasiliasBot, 1 new reply' })).toBeVisible()
  await chat.open()
  await expect(chat.said('The answer, at last')).toBeVisible()
  await chat.panel.getByRole('button', { name: 'Close the chat' }).click()
  await expect(page.getByRole('button', { name: 'Chat with VasiliasBot', exact: true })).toBeVisible()
})

test('a long search says that it is still looking', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.answer = () => null
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await page.clock.install()
  await chat.write('A difficult question')
  await expect(chat.panel.getByText('VasiliasBot is typing')).toBeAttached()
  await page.clock.runFor(9000)
  await expect(chat.panel.getByText(/^Still looking/)).toBeVisible()
})

test('a link of this site in a reply is followed without loading the page anew', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'See [our places](/locations), or [elsewhere](https://example.com/), but not [this](javascript:alert(1)).' }])
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await page.evaluate(() => ((window as unknown as { same: boolean }).same = true))
  await expect(chat.log.getByRole('link', { name: 'elsewhere' })).toHaveAttribute('rel', /noopener/)
  await expect(chat.log.getByRole('link', { name: 'this' })).toHaveCount(0)
  await chat.log.getByRole('link', { name: 'our places' }).click()
  await page.waitForURL(url => url.pathname === '/locations')
  expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true)
  await expect(chat.panel).toBeVisible()
})

test('a new conversation is begun from the menu, and the old one can be read again', async ({ customer, open, page }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('How much does a wedding cost?')
  await chat.menu('New conversation')
  await expect(chat.panel.getByRole('list', { name: 'Questions people ask' })).toBeVisible()
  await expect(chat.messages).toHaveCount(0)
  await chat.menu('Earlier conversations')
  await chat.panel.getByRole('button', { name: /2 messages/ }).click()
  await expect(chat.said('How much does a wedding cost?')).toBeVisible()
  await expect(chat.composer).toHaveCount(0)
  await expect(chat.panel.getByText('to read only')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(chat.composer).toBeVisible()
})

test('asking for the conversation by e-mail says so where no mail server is set up', async ({ customer, open, page, allowConsole }) => {
  allowConsole(/503/)
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.ask('How much does a wedding cost?')
  await chat.menu('E-mail me the conversation')
  await expect(chat.panel.getByRole('alert')).toContainText('E-mail is not set up on this site')
})

test('searches the questions as one types, and sends the pick with its FAQ', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'Hello again.' }])
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await chat.panel.getByRole('button', { name: 'Questions people ask' }).click()
  await chat.panel.getByRole('searchbox', { name: 'Search the questions' }).fill('DOG')
  const found = chat.panel.getByRole('list', { name: 'Questions people ask' }).getByRole('button')
  await expect(found).toHaveText(['Can we bring a dog?'])
  await chat.panel.getByRole('searchbox').fill('helicopter')
  await expect(chat.panel.getByText('No question matches')).toBeVisible()
  await chat.panel.getByRole('searchbox').fill('')
  await found.last().click()
  await expect(chat.said('You said: Can we bring a dog?')).toBeVisible()
  expect(server.calls.find(call => call.path === '/messages')!.body.faq_id).toBe(server.faqs[1]!.id)
})

test('the first questions are shown, more and fewer on demand, and a suggestion under a reply is sent as what it is', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  const [faq] = server.faqs
  server.faqs = Array.from({ length: 9 }, (_, index) => ({ ...faq!, id: faq!.id.replace(/.$/, String(index + 1)), question: `Question number ${index + 1}?`, order: index }))
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const questions = chat.panel.getByRole('list', { name: 'Questions people ask' }).getByRole('button')
  await expect(questions).toHaveCount(5)
  await chat.panel.getByRole('button', { name: 'Show 4 more' }).click()
  await expect(questions).toHaveCount(9)
  await chat.panel.getByRole('button', { name: 'Show fewer' }).click()
  await expect(questions).toHaveCount(5)

  await chat.ask('Hello')
  server.add(server.active()!, { text: 'Not sure about that one.', source: 'fallback', suggestions: [{ faq_id: server.faqs[7]!.id, question: server.faqs[7]!.question }] })
  await chat.said('Not sure about that one.').getByRole('button', { name: 'Question number 8?' }).click()
  await expect(chat.said('You said: Question number 8?')).toBeVisible()
  expect(server.calls.filter(call => call.path === '/messages').at(-1)!.body.faq_id).toBe(server.faqs[7]!.id)
})

test('days and times stand where they help, in the reader’s own language and zone', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([
    { sender: 'customer', text: 'In spring', timestamp: '2025-04-11T21:30:00.000Z' },
    { text: 'A minute later', timestamp: '2025-04-11T21:31:00.000Z' },
    { sender: 'customer', text: 'Ten minutes later', timestamp: '2025-04-11T21:41:00.000Z' },
    { text: 'A day later', timestamp: '2025-04-12T21:41:00.000Z' },
  ])
  await speakGreek(page)
  await open('/')
  await page.getByRole('button', { name: /^Συνομιλία με/ }).click()
  // Athens is three hours ahead in spring.
  await expect(page.getByRole('log').getByRole('time')).toHaveText([/^12:30/, /^12:41/, /^12:41/])
  await expect(page.getByRole('log')).toContainText('12 Απριλίου 2025')
  await expect(page.getByRole('log')).toContainText('13 Απριλίου 2025')
})

test('a text of 2,000 characters, emoji and a script from right to left arrive whole', async ({ customer, open, page }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const text = `${'👰🏽‍♀️ مرحبا γάμος '.repeat(150)}`.slice(0, 1990).replace(/[\uD800-\uDBFF]$/, '').trim()
  await chat.write(text)
  await expect(chat.messages).toHaveCount(2, { timeout: 20_000 })
  await page.reload()
  await hydrated(page)
  await expect(chat.messages.first().getByRole('paragraph').filter({ hasText: 'γάμος' })).toHaveText(text)
})

test('without JavaScript a signed-in customer is told where else to write', async ({ browser, context, customer, baseURL }) => {
  expect(customer.name).toBe('Anna')
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL, storageState: await context.storageState() })
  const page = await plain.newPage()
  await page.goto('/')
  // Text locators pass over noscript elements, shown or not.
  const hint = page.locator('noscript').last()
  await expect(hint).toBeVisible()
  expect(await hint.innerText()).toContain('The chat needs JavaScript. You can also write to us')
  await plain.close()
})

test('speaks Greek on a Greek page', async ({ customer, open, page, context, axe }) => {
  expect(customer.name).toBe('Anna')
  await fakeChatApi(context)
  await speakGreek(page)
  await open('/')
  await page.getByRole('button', { name: 'Συνομιλία με VasiliasBot' }).click()
  const panel = page.getByRole('dialog')
  await expect(panel.getByRole('list', { name: 'Συχνές ερωτήσεις' })).toBeVisible()
  await panel.getByRole('textbox', { name: 'Η ερώτησή σας' }).fill('Πόσο κοστίζει;')
  await panel.getByRole('button', { name: 'Αποστολή' }).click()
  await expect(panel.getByRole('group', { name: 'Σας βοήθησε η απάντηση;' })).toBeVisible()
  await axe()
})
