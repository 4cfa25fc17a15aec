import type { Locator, Page } from '@playwright/test'
import { refusal, type ChatServer } from '../support/chat-server'
import { chatOn, fakeChatApi, speakGreek } from '../support/chat-page'
import { expect, hydrated, test } from '../support/e2e'

const settled = (page: Page) => page.evaluate(() => Promise.all(document.getAnimations().filter(animation => Number.isFinite(animation.effect?.getComputedTiming().endTime)).map(animation => animation.finished)))

function beginRich(server: ChatServer) {
  const conversation = server.begin([{ sender: 'customer', text: 'Hello, how much for 80 people?' }])
  server.add(conversation, { text: 'Between **14,000** and *19,000* euros. See [decor](/services/decor).\n\n- the venue\n- the dinner\n\n`code`', citations: [{ title: 'Price list', url: 'https://example.com/prices' }, { title: 'House rules', url: null }], feedback: { id: 'f', value: 'up', comment: null } })
  server.add(conversation, { sender: 'customer', text: 'مرحبا كم يكلف؟' })
  server.add(conversation, { text: 'Not sure about that one.', source: 'fallback', suggestions: server.faqs.map(faq => ({ faq_id: faq.id, question: faq.question })) })
  return conversation
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any state, in the ${theme} theme @phone`, async ({ customer, open, page, context, axe, allowConsole }) => {
    test.setTimeout(180_000)
    allowConsole(/Failed to load resource|ERR_INTERNET/)
    expect(customer.name).toBe('Anna')
    await page.emulateMedia({ colorScheme: theme })
    const server = await fakeChatApi(context)
    const chat = chatOn(page)
    const check = async (state: string) => test.step(state, async () => {
      await settled(page)
      // The page behind is judged with the button, and in the stories of the site.
      await axe(page, state === 'button' ? undefined : '[role=dialog]')
    })

    await open('/')
    await expect(chat.launcher).toBeVisible()
    await check('button')
    await chat.open()
    await expect(chat.panel.getByRole('list', { name: 'Questions people ask' })).toBeVisible()
    await check('greeting and questions')

    const conversation = beginRich(server)
    await page.reload()
    await hydrated(page)
    await expect(chat.said('Not sure about that one.')).toBeVisible()
    await check('conversation')
    await chat.log.getByRole('button', { name: 'Not helpful' }).last().click()
    await check('what was missing')
    await chat.log.getByRole('button', { name: 'No, thank you' }).click()
    await chat.panel.getByRole('button', { name: 'More options' }).click()
    await expect(chat.panel.getByRole('link', { name: 'PDF' })).toBeVisible()
    await check('menu')
    await page.keyboard.press('Escape')
    await chat.panel.getByRole('button', { name: 'Questions people ask' }).click()
    await check('search of the questions')
    await page.keyboard.press('Escape')

    server.answer = () => null
    await chat.write('A difficult question')
    await expect(chat.panel.getByText('VasiliasBot is typing')).toBeAttached()
    await check('typing')
    server.failNext('POST', /^\/messages/, () => refusal(400, 'VALIDATION_ERROR'))
    await chat.write('A refused text')
    await expect(chat.said('A refused text').getByRole('alert')).toBeVisible()
    await check('refused')
    server.failNext('POST', /^\/messages/, () => refusal(429, 'RATE_LIMITED', { 'retry-after': '60' }))
    await chat.write('A text too many')
    await expect(chat.panel.getByText(/Sending goes on/)).toBeVisible()
    await check('held back')
    await context.setOffline(true)
    await expect(chat.panel.getByText('You are offline')).toBeVisible()
    await check('offline')
    await context.setOffline(false)
    conversation.status = 'closed'
    conversation.version++
    await expect(chat.panel.getByText('This conversation is closed.')).toBeVisible()
    await check('closed')
    // Left first: a last poll of this page would take the refusal that is meant for the next.
    await page.goto('about:blank')
    server.failNext('GET', /^\/conversations/, () => refusal(401, 'NOT_AUTHENTICATED'))
    await open('/')
    await expect(chat.panel.getByRole('alert').filter({ hasText: 'Your session has ended' })).toBeVisible()
    await check('signed out')
  })
}

for (const accent of ['#102040', '#ffe600', '#808080', '#d00060', '#ffffff', '#000000']) {
  test(`text on the accent ${accent} can be read`, async ({ customer, open, page, context, axe }) => {
    expect(customer.name).toBe('Anna')
    const server = await fakeChatApi(context)
    server.config.accent_color = accent
    beginRich(server)
    await open('/')
    const chat = chatOn(page)
    await chat.open()
    await expect(chat.said('Not sure about that one.')).toBeVisible()
    await chat.composer.fill('Ready to send')
    await settled(page)
    await axe()
  })
}

test('everything can be done with the keyboard alone, with the focus always in sight', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  await fakeChatApi(context)
  await open('/')
  const chat = chatOn(page)
  await expect(chat.launcher).toBeVisible()
  const focus = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '')
  const outlined = () => page.evaluate(() => {
    const element = document.activeElement!
    const ring = getComputedStyle(element.closest('.vb-field') && element.tagName === 'TEXTAREA' ? element.closest('.vb-field')! : element)
    return ring.outlineStyle !== 'none' || ring.boxShadow !== 'none'
  })

  await test.step('opens with Enter, and the focus is in the composer', async () => {
    await chat.launcher.focus()
    await page.keyboard.press('Enter')
    await expect(chat.composer).toBeFocused()
  })
  await test.step('walks backwards to a question and picks it', async () => {
    // Send and composer are last; before them stands the list of questions.
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press('Shift+Tab')
      expect(await outlined()).toBe(true)
      if (await focus() === 'Can we bring a dog?') break
    }
    expect(await focus()).toBe('Can we bring a dog?')
    await page.keyboard.press('Enter')
    await expect(chat.said('You said: Can we bring a dog?')).toBeVisible()
    await expect(chat.composer).toBeFocused()
  })
  await test.step('rates the reply', async () => {
    for (let presses = 0; presses < 8 && await focus() !== 'Helpful'; presses++) {
      await page.keyboard.press('Shift+Tab')
      expect(await outlined()).toBe(true)
    }
    await page.keyboard.press('Space')
    await expect(chat.log.getByRole('button', { name: 'Helpful', exact: true })).toHaveAttribute('aria-pressed', 'true')
  })
  await test.step('opens the menu, leaves it with Escape, and the focus is back on its button', async () => {
    for (let presses = 0; presses < 8 && await focus() !== 'More options'; presses++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(chat.panel.getByRole('button', { name: 'New conversation' })).toBeFocused()
    await page.keyboard.press('Escape')
    expect(await focus()).toBe('More options')
    await expect(chat.panel).toBeVisible()
  })
  await test.step('closes with Escape, and the focus is back on the chat button', async () => {
    await page.keyboard.press('Escape')
    await expect(chat.panel).toHaveCount(0)
    await expect(chat.launcher).toBeFocused()
  })
})

test('a screen reader finds a named dialog, a log, named controls, and hears each reply once', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const spoken: string[] = []
  await page.exposeFunction('heard', (sentence: string) => spoken.push(sentence))
  await page.evaluate(() => {
    const region = document.querySelector('[data-chat-live]')!
    new MutationObserver(() => (window as unknown as { heard: (sentence: string) => void }).heard(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true })
  })
  await chat.ask('Hello')
  await expect.poll(() => spoken).toEqual(['VasiliasBot: You said: Hello'])
  server.add(server.active()!, { text: 'One **more** thing: [decor](/services/decor).' })
  await expect.poll(() => spoken).toEqual(['VasiliasBot: You said: Hello', 'VasiliasBot: One more thing: decor.'])
  await expect(chat.log).toHaveAttribute('aria-live', 'off')
  await expect(chat.panel).toMatchAriaSnapshot(`
    - dialog "VasiliasBot":
      - heading "VasiliasBot" [level=2]
      - paragraph: Answers about your wedding
      - button "More options"
      - button "Close the chat"
      - log "Conversation":
        - list:
          - listitem:
            - text: /You:/
            - paragraph: Hello
          - listitem:
            - text: /VasiliasBot:/
            - paragraph: "You said: Hello"
            - group "Was this helpful?":
              - button "Helpful"
              - button "Not helpful"
          - listitem
      - button "Questions people ask"
      - textbox "Your question"
      - button "Send"
  `)
})

test('on a phone the chat fills the screen, is modal, and the page behind it rests @phone-only', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  await fakeChatApi(context)
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await expect(chat.panel).toHaveAttribute('aria-modal', 'true')
  expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  expect(await page.locator('#__nuxt').evaluate(root => (root as HTMLElement).inert)).toBe(true)
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('hidden')

  await test.step('the on-screen keyboard leaves the composer in sight', async () => {
    // What a browser reports when its keyboard opens over the page.
    await page.evaluate(() => {
      Object.defineProperty(window.visualViewport!, 'height', { value: 420, configurable: true })
      window.visualViewport!.dispatchEvent(new Event('resize'))
    })
    const box = (await chat.composer.boundingBox())!
    expect(box.y + box.height).toBeLessThanOrEqual(420)
  })

  await chat.panel.getByRole('button', { name: 'Close the chat' }).click()
  expect(await page.locator('#__nuxt').evaluate(root => (root as HTMLElement).inert)).toBe(false)
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).not.toBe('hidden')
})

const small = [['a screen 320 px wide', { width: 320, height: 568 }], ['400 % zoom', { width: 320, height: 256 }]] as const
const LONG = `https://example.com/${'a-very-long-address-'.repeat(20)} and ${'Donaudampfschifffahrtsgesellschaft'.repeat(5)}`

/** What reaches beyond the screen, and controls whose words do not fit into them. */
const cutOff = (panel: Locator) => panel.evaluate(root => [root, ...root.querySelectorAll<HTMLElement>('*')].filter((element) => {
  if (element.closest('.vb-unseen, pre, svg')) return false
  const { left, right } = element.getBoundingClientRect()
  return right > innerWidth + 1 || left < -1 || (element.matches('button, a, p, h2, h3') && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
}).map(element => `${element.className} ${element.textContent?.slice(0, 40)}`))

for (const [what, size] of small) {
  test(`nothing is lost or cut off on ${what}`, async ({ customer, open, page, context }) => {
    expect(customer.name).toBe('Anna')
    const server = await fakeChatApi(context)
    server.add(beginRich(server), { text: LONG })
    await page.setViewportSize(size)
    await open('/')
    const chat = chatOn(page)
    await chat.open()
    await expect(chat.said('a-very-long-address')).toBeVisible()
    expect(await cutOff(chat.panel)).toEqual([])
    await expect(chat.composer).toBeInViewport({ ratio: 1 })
    await expect(chat.panel.getByRole('button', { name: 'Close the chat' })).toBeInViewport({ ratio: 1 })
    expect((await chat.log.boundingBox())!.height).toBeGreaterThan(90)
  })

  test(`nor in Greek, whose words are longer, on ${what}`, async ({ customer, open, page, context, allowConsole }) => {
    allowConsole(/4\d\d|503/)
    expect(customer.name).toBe('Anna')
    const server = await fakeChatApi(context)
    server.config.away_until = new Date(Date.now() + 40 * 3_600_000).toISOString()
    beginRich(server)
    await speakGreek(page)
    await page.setViewportSize(size)
    await open('/')
    await page.getByRole('button', { name: /^Συνομιλία με/ }).click()
    const panel = page.getByRole('dialog')
    await expect(panel.getByText('Not sure about that one.')).toBeVisible()
    expect(await cutOff(panel), 'the conversation').toEqual([])

    await panel.getByRole('button', { name: 'Μη χρήσιμη απάντηση' }).last().click()
    await expect(panel.getByRole('textbox', { name: /Τι έλειπε/ })).toBeVisible()
    expect(await cutOff(panel), 'what was missing').toEqual([])

    const menu = panel.getByRole('button', { name: 'Περισσότερες επιλογές' })
    await menu.click()
    await panel.getByRole('button', { name: 'Αποστολή της συνομιλίας' }).click()
    await expect(panel.getByRole('alert')).toBeVisible()
    await panel.getByRole('button', { name: 'Διαγραφή των συνομιλιών' }).click()
    expect(await cutOff(panel), 'the menu').toEqual([])
    await panel.getByRole('button', { name: 'Να μείνουν' }).click()

    const field = panel.getByRole('textbox', { name: 'Η ερώτησή σας' })
    for (const answer of [() => refusal(400, 'VALIDATION_ERROR'), () => refusal(429, 'RATE_LIMITED', { 'retry-after': '60' })]) {
      server.failNext('POST', /^\/messages/, answer)
      await field.fill('Πόσο κοστίζει;')
      await field.press('Enter')
    }
    await expect(panel.getByText(/^Στείλατε πολλά μηνύματα μαζί/)).toBeVisible()
    await field.fill('Λέξεις '.repeat(290))
    expect(await cutOff(panel), 'refused, held back, too long').toEqual([])
    await expect(field).toBeInViewport({ ratio: 1 })
  })
}

test('in forced colours every part keeps an edge, a pressed thumb and the typing dots are seen, and axe finds nothing', async ({ customer, open, page, context, axe }) => {
  expect(customer.name).toBe('Anna')
  await page.emulateMedia({ forcedColors: 'active' })
  const server = await fakeChatApi(context)
  beginRich(server)
  await open('/')
  const chat = chatOn(page)
  const edge = (element: Locator) => element.evaluate((node) => {
    const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(node)
    return borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) >= 1 && borderTopColor !== backgroundColor
  })
  expect(await edge(chat.launcher)).toBe(true)
  await chat.open()
  await expect(chat.said('Not sure about that one.')).toBeVisible()
  for (const part of [chat.panel, chat.panel.locator('.vb-field'), chat.panel.locator('.vb-bubble').first(), chat.panel.locator('.vb-bubble').last()]) expect(await edge(part)).toBe(true)

  await chat.composer.focus()
  expect(await chat.panel.locator('.vb-field').evaluate(field => getComputedStyle(field).outlineStyle), 'the composer’s focus').toBe('solid')

  const ground = (element: Locator) => element.evaluate(node => getComputedStyle(node).backgroundColor)
  const pressed = chat.log.getByRole('button', { name: 'Helpful', exact: true }).first()
  await expect(pressed).toHaveAttribute('aria-pressed', 'true')
  expect(await ground(pressed)).not.toBe(await ground(chat.log.getByRole('button', { name: 'Not helpful' }).first()))
  await axe(page, '[role=dialog]')

  server.answer = () => null
  await chat.write('A difficult question')
  const dots = chat.panel.locator('.vb-dots')
  await expect(dots).toBeVisible()
  expect(await ground(dots.locator('i').first())).not.toBe(await ground(dots))
})

test('with reduced motion nothing of the chat moves, the typing dots included', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.answer = () => null
  await open('/')
  const chat = chatOn(page)
  const moving = () => page.evaluate(() => document.getAnimations().filter(animation => (animation.effect as KeyframeEffect | null)?.target?.closest('.vb') && Number(animation.effect!.getComputedTiming().duration) > 1).length)
  expect(await moving()).toBe(0)
  await chat.open()
  await chat.write('A difficult question')
  await expect(chat.panel.getByText('VasiliasBot is typing')).toBeAttached()
  expect(await moving()).toBe(0)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await expect.poll(moving, 'and with motion they do').toBeGreaterThan(0)
})

test('going back on a phone closes the chat and leaves the page as it is @phone-only', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'See [our places](/locations).' }])
  await open('/')
  const chat = chatOn(page)
  const isAt = (path: string) => expect.poll(() => new URL(page.url()).pathname).toBe(path)
  await page.evaluate(() => scrollTo(0, 300))
  await chat.open()
  await page.goBack()
  await expect(chat.panel).toHaveCount(0)
  await expect(chat.launcher).toBeFocused()
  await isAt('/')
  expect(await page.evaluate(() => scrollY)).toBe(300)

  // The page that a link leads to is shown, not hidden behind the chat, and one step leads back from it.
  await chat.open()
  await chat.log.getByRole('link', { name: 'our places' }).click()
  await isAt('/locations')
  await expect(chat.panel).toHaveCount(0)
  await page.goBack()
  await isAt('/')
  await expect(chat.panel).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goForward()
  await isAt('/locations')

  // Closed by its button, and opened and closed again at once, it leaves no step behind.
  await chat.open()
  await chat.panel.getByRole('button', { name: 'Close the chat' }).click()
  await expect(chat.panel).toHaveCount(0)
  await chat.open()
  await page.keyboard.press('Escape')
  await expect(chat.panel).toHaveCount(0)
  await page.waitForFunction(() => (window as unknown as { navigation: { canGoForward: boolean } }).navigation.canGoForward)
  await page.goBack()
  await isAt('/')
})

test('every control is at least 24 px high and wide', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  beginRich(await fakeChatApi(context))
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await expect(chat.said('Not sure about that one.')).toBeVisible()
  await chat.panel.getByRole('button', { name: 'More options' }).click()
  const small = await chat.panel.evaluate(panel => [...panel.querySelectorAll('button, input, textarea, a.vb-format')].filter(element => element.getBoundingClientRect().height < 24 || element.getBoundingClientRect().width < 24).map(element => element.outerHTML.slice(0, 80)))
  expect(small).toEqual([])
})
