import { apiAs, expect, hydrated, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'

const pages = ['/admin/faqs', '/admin/faqs/new', '/admin/settings']

test('nobody but an admin sees the back office', async ({ page, browser, customer: _, open, allowConsole, baseURL }) => {
  allowConsole(/403|For the planning team only/)
  await open('/admin/faqs')
  await expect(page.getByRole('heading', { name: 'This page is for the planning team' })).toBeVisible()
  const visitor = await browser.newPage({ baseURL })
  await visitor.goto('/admin/settings')
  await expect(visitor).toHaveURL('/sign-in?redirect=/admin/settings')
  await visitor.close()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the back office, ${scheme} @phone`, async ({ page, admin: _, axe, baseURL }) => {
    test.setTimeout(90_000)
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const api = await apiAs(ADMIN, baseURL!)
    const { items: [faq] } = await (await api.get('/api/admin/faqs?limit=1')).json()
    for (const path of [...pages, `/admin/faqs/${faq.id}`]) {
      await page.goto(path)
      await hydrated(page)
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await axe()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    await page.getByRole('button', { name: 'Paste many' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await axe()
    await api.dispose()
  })
}

test('a signed-in customer’s pages load nothing of the back office', async ({ page, customer: _, open }) => {
  const texts: string[] = []
  await page.route(/\.(js|css)(\?|$)/, async (route) => {
    const response = await route.fetch()
    texts.push(await response.text())
    await route.fulfill({ response })
  })
  for (const path of ['/', '/my-plan', '/account']) await open(path)
  await page.getByRole('button', { name: /Chat with/ }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(texts.length).toBeGreaterThan(3)
  for (const text of texts) expect(text.match(/reka-|admin-button|data-reka/)?.[0]).toBeUndefined()
})
