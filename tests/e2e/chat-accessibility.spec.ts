import type { Page } from '@playwright/test'
import { refusal, type ChatServer } from '../support/chat-server'
import { chatOn, fakeChatApi } from '../support/chat-page'
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

for (const [what, size] of [['a screen 320 px wide', { width: 320, height: 568 }], ['400 % zoom', { width: 320, height: 256 }]] as const) {
  test(`nothing is lost or cut off on ${what}`, async ({ customer, open, page, context }) => {
    expect(customer.name).toBe('Anna')
    const server = await fakeChatApi(context)
    const conversation = beginRich(server)
    server.add(conversation, { text: `https://example.com/${'a-very-long-address-'.repeat(20)} and ${'Donaudampfschifffahrtsgesellschaft'.repeat(5)}` })
    await page.setViewportSize(size)
    await open('/')
    const chat = chatOn(page)
    await chat.open()
    await expect(chat.said('a-very-long-address')).toBeVisible()
    const wide = await chat.panel.evaluate(panel => [panel, ...panel.querySelectorAll('*')].filter(element => !element.closest('.vb-unseen, pre, svg') && element.getBoundingClientRect().right > innerWidth + 1).map(element => element.className))
    expect(wide).toEqual([])
    await expect(chat.composer).toBeInViewport({ ratio: 1 })
    await expect(chat.panel.getByRole('button', { name: 'Close the chat' })).toBeInViewport({ ratio: 1 })
    expect((await chat.log.boundingBox())!.height).toBeGreaterThan(90)
  })
}

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
