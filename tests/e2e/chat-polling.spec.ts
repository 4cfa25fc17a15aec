import { chatOn, fakeChatApi } from '../support/chat-page'
import { expect, test } from '../support/e2e'

const POLL = /^\/conversations\/[^/]+\/messages/

test('the server sets the pace: slower than the settings say, and faster', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.pollAfterMs = 60_000
  const conversation = server.begin([{ text: 'Hello again.' }])
  await page.clock.install()
  await open('/')
  const chat = chatOn(page)
  // The chat begins when the browser is idle, and the clock is the test's.
  await page.clock.runFor(1000)
  await chat.open()
  await expect(chat.said('Hello again.')).toBeVisible()
  const polls = () => server.count('GET', POLL)
  await page.clock.runFor(5000)
  const before = polls()
  server.add(conversation, { text: 'After a minute' })
  server.pollAfterMs = 200
  await page.clock.runFor(50_000)
  expect(polls()).toBe(before)
  await page.clock.runFor(10_000)
  await expect(chat.said('After a minute')).toBeVisible()

  server.config.polling_interval_ms = 60_000
  server.add(conversation, { text: 'At once' })
  await page.clock.runFor(300)
  await expect(chat.said('At once')).toBeVisible()
})

test('an idle poll is a 304 without a body, and one that has something new brings only that', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  const conversation = server.begin(Array.from({ length: 30 }, (_, index) => ({ text: `Reply ${index}` })))
  const statuses: number[] = []
  page.on('response', response => POLL.test(new URL(response.url()).pathname.replace('/api/chatbot', '')) && statuses.push(response.status()))
  await open('/')
  const chat = chatOn(page)
  await chat.open()
  await expect(chat.said('Reply 29')).toBeVisible()
  await expect.poll(() => statuses.slice(1, 3)).toEqual([304, 304])
  server.add(conversation, { text: 'News' })
  await expect(chat.said('News')).toBeVisible()
  const last = server.calls.filter(call => POLL.test(call.path)).at(-1)!
  expect(Number(last.query.get('after'))).toBeGreaterThan(0)
  expect(last.headers.get('if-none-match')).toBeTruthy()
})

test('only one of two tabs polls, and when it is closed the other takes over', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  const conversation = server.begin([{ text: 'Hello again.' }])
  await open('/')
  await chatOn(page).open()
  await expect(chatOn(page).said('Hello again.')).toBeVisible()
  const other = await context.newPage()
  await open('/packages', other)
  await expect(chatOn(other).said('Hello again.')).toBeVisible()

  const askers: unknown[] = []
  context.on('request', request => POLL.test(new URL(request.url()).pathname.replace('/api/chatbot', '')) && askers.push(request.frame().page()))
  await expect.poll(() => askers.length).toBeGreaterThanOrEqual(4)
  expect(new Set(askers)).toEqual(new Set([page]))

  server.add(conversation, { text: 'For both of you' })
  await expect(chatOn(page).said('For both of you')).toBeVisible()
  await expect(chatOn(other).said('For both of you')).toBeVisible()
  await page.close()
  server.add(conversation, { text: 'For the one that is left' })
  await expect(chatOn(other).said('For the one that is left')).toBeVisible()
})

test('nothing is asked while the chat is closed', async ({ customer, open, page, context }) => {
  expect(customer.name).toBe('Anna')
  const server = await fakeChatApi(context)
  server.begin([{ text: 'Hello again.' }])
  await page.clock.install()
  await open('/')
  const chat = chatOn(page)
  await page.clock.runFor(1000)
  await chat.open()
  await expect(chat.said('Hello again.')).toBeVisible()
  await chat.panel.getByRole('button', { name: 'Close the chat' }).click()
  await expect(chat.panel).toHaveCount(0)
  const before = server.calls.length
  await page.clock.runFor(600_000)
  // One may have been under way when it closed.
  expect(server.calls.length).toBeLessThanOrEqual(before + 1)
})
