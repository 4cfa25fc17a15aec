import { refusal } from '../support/chat-server'
import { chatOn, fakeChatApi } from '../support/chat-page'
import { expect, hydrated, test } from '../support/e2e'

test('a reply is rated down with a word of why, changed, taken back, and all of it is still there after a reload @phone', async ({ customer, open, page }) => {
  expect(customer.name).toBe('Anna')
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const reply = await chat.ask('How much does a wedding cost?')
  const up = reply.getByRole('button', { name: 'Helpful', exact: true })
  const down = reply.getByRole('button', { name: 'Not helpful' })
  const saved = () => page.waitForResponse(response => response.url().endsWith('/api/chatbot/feedback') && response.ok())

  await test.step('thumbs down asks what was missing, and says thank you', async () => {
    const [first] = await Promise.all([saved(), down.click()])
    expect(first.request().postDataJSON()).toMatchObject({ value: 'down' })
    await expect(down).toHaveAttribute('aria-pressed', 'true')
    await reply.getByRole('textbox', { name: /What was missing/ }).fill('Prices for children')
    const [second] = await Promise.all([saved(), reply.getByRole('button', { name: 'Send', exact: true }).click()])
    expect(second.request().postDataJSON()).toMatchObject({ value: 'down', comment: 'Prices for children' })
    await expect(reply.getByRole('status')).toHaveText('Thank you. The team will read it.')
    await expect(down).toBeFocused()
  })

  await test.step('it is still there after the next message and after a reload', async () => {
    await chat.ask('What happens if it rains on the day?')
    await expect(chat.log.getByRole('button', { name: 'Not helpful' }).first()).toHaveAttribute('aria-pressed', 'true')
    await page.reload()
    await hydrated(page)
    await expect(chat.log.getByRole('button', { name: 'Not helpful' }).first()).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('it is changed, and taken back', async () => {
    const first = chat.messages.nth(1)
    const [changed] = await Promise.all([saved(), first.getByRole('button', { name: 'Helpful', exact: true }).click()])
    expect(changed.request().postDataJSON()).toMatchObject({ value: 'up' })
    await expect(first.getByRole('button', { name: 'Not helpful' })).toHaveAttribute('aria-pressed', 'false')
    const [back] = await Promise.all([saved(), first.getByRole('button', { name: 'Helpful', exact: true }).click()])
    expect(back.request().postDataJSON()).toMatchObject({ value: null })
    await page.reload()
    await hydrated(page)
    await expect(chat.messages).toHaveCount(4)
    await expect(chat.log.locator('[aria-pressed=true]')).toHaveCount(0)
  })
  await expect(up).toHaveCount(1)
})

test('a rating that could not be saved goes back to what it was, and says so', async ({ customer, open, page, context, allowConsole }) => {
  allowConsole(/500/)
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'From 4,900 euros.', feedback: { id: 'f', value: 'up', comment: null } }, { sender: 'customer', text: `${'And then? '.repeat(180)}` }])
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const down = chat.log.getByRole('button', { name: 'Not helpful' })
  // At the lower edge of the list: what is said below would be out of sight.
  await down.evaluate(thumb => thumb.scrollIntoView({ block: 'end' }))
  let refuse = () => {}
  server.failNext('POST', /feedback/, () => new Promise<Response>(resolve => (refuse = () => resolve(refusal(500, 'INTERNAL_ERROR')))))
  await down.click()
  await expect(down).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => server.count('POST', /feedback/)).toBe(1)
  refuse()
  await expect(chat.log.getByRole('alert')).toContainText('Your rating could not be saved')
  await expect(chat.log.getByRole('alert')).toBeInViewport({ ratio: 0.9 })
  await expect(down).toHaveAttribute('aria-pressed', 'false')
  await expect(chat.log.getByRole('button', { name: 'Helpful', exact: true })).toHaveAttribute('aria-pressed', 'true')
})

test('what was missing is asked in sight, wherever the thumb that was pressed is', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'From 4,900 euros.' }, { sender: 'customer', text: `${'And then? '.repeat(180)}` }])
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  const down = chat.log.getByRole('button', { name: 'Not helpful' })
  await down.evaluate(thumb => thumb.scrollIntoView({ block: 'end' }))
  await down.click()
  await expect(chat.log.getByRole('button', { name: 'Send', exact: true })).toBeInViewport({ ratio: 1 })
  await expect(chat.log.getByRole('textbox', { name: /What was missing/ })).toBeInViewport({ ratio: 1 })
})
