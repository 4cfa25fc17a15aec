import { chatOn } from '../support/chat-page'
import { expect, hydrated, test } from '../support/e2e'

const LATE_MS = 3_000

test('with scripts three seconds late the page reads at once, and the chat comes after them without moving anything @phone', async ({ page, customer }) => {
  expect(customer.name).toBe('Anna')
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => (entry as PerformanceEntry & { value: number }).value))).observe({ type: 'layout-shift', buffered: true })
  })
  let held = 0
  let release = () => {}
  const released = new Promise<void>(resolve => (release = resolve))
  await page.route(/\/_nuxt\/.*\.js(?:\?|$)/, async (route) => {
    held++
    await released
    await route.continue()
  })

  const began = Date.now()
  await page.goto('/', { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Greek wedding/)
  await expect(page.getByRole('link', { name: 'See packages' })).toBeVisible()
  expect(await page.evaluate(() => 'useNuxtApp' in window), 'no script has run yet').toBe(false)
  expect(held).toBeGreaterThan(0)
  const chat = chatOn(page)
  await expect(chat.launcher).toHaveCount(0)

  setTimeout(release, Math.max(0, LATE_MS - (Date.now() - began)))
  await hydrated(page)
  await expect(chat.launcher).toBeVisible()
  expect(Date.now() - began).toBeGreaterThanOrEqual(LATE_MS)
  // Hydration that found another page than the server's would have been logged, and a logged line fails the test.
  await chat.open()
  await expect(chat.panel.getByRole('list', { name: 'Questions people ask' })).toBeVisible()
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)
  expect(shifts.reduce((sum, value) => sum + value, 0), JSON.stringify(shifts)).toBeLessThanOrEqual(0.02)
})
