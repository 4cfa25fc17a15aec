import { apiAs, expect, hydrated, register, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'

let made = 0
const unique = (topic: string) => `Do you lend a ${topic} ${process.pid}y${++made}?`

test('FAQs are put in order with the keyboard', async ({ page, admin: _, open, baseURL }) => {
  const api = await apiAs(ADMIN, baseURL!)
  const [first, second] = [unique('tent'), unique('tent')]
  for (const question of [first, second]) expect((await api.post('/api/admin/faqs', { data: { question, answer: 'Yes.' } })).status()).toBe(201)
  await open(`/admin/faqs?q=tent ${process.pid}y`)
  await expect(page.locator('[data-question]')).toHaveText([first, second])
  await page.getByRole('button', { name: `Move ${second}` }).focus()
  const stored = page.waitForResponse(answer => answer.url().endsWith('/api/admin/faqs/order'))
  await page.keyboard.press('ArrowUp')
  await expect(page.getByText(`${second} Place 1 of 2.`)).toBeAttached()
  await expect(page.getByRole('button', { name: `Move ${second}` })).toBeFocused()
  expect((await stored).status()).toBe(200)
  await page.reload()
  await expect(page.locator('[data-question]')).toHaveText([second, first])
  await api.dispose()
})

test('a file with a mistake is refused row by row, a mended one is imported', async ({ page, admin: _, open }) => {
  const question = unique('harp')
  await open('/admin/faqs/import')
  const choose = (text: string) => page.locator('input[type=file]').setInputFiles({ name: 'faqs.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await choose(`question,answer,order\n${question},Yes.,first\n,Nothing asked,\n`)
  await expect(page.getByRole('heading', { name: 'Mend these rows first' })).toBeVisible()
  await expect(page.getByRole('row', { name: /^2 order/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /^3 question/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /Add 1 FAQ/ })).toHaveCount(0)
  await choose(`question,answer\n${question},Yes.\n`)
  await page.getByRole('button', { name: 'Add 1 FAQ' }).click()
  await expect(page.getByRole('heading', { name: 'Imported' })).toBeVisible()
})

test('a question is tried, and what a customer asked and rated is found', async ({ page, admin: _, open, baseURL }) => {
  const question = unique('marquee')
  const api = await apiAs(ADMIN, baseURL!)
  await api.post('/api/admin/faqs', { data: { question, answer: 'A **white** one.' } })
  const account = await register(page.request, baseURL!, `Zoe${process.pid}`)
  const zoe = await apiAs(account, baseURL!)
  await expect.poll(async () => (await (await zoe.post('/api/chatbot/messages', { data: { message_text: question } })).json()).faq_matched).toBe(true)
  const reply = await (await zoe.post('/api/chatbot/messages', { data: { message_text: question } })).json()
  await zoe.post('/api/chatbot/feedback', { data: { message_id: reply.message_id, value: 'up', comment: 'A lovely tent' } })

  await open('/admin/try')
  await page.getByLabel('Question', { exact: true }).fill(question)
  await page.keyboard.press('Enter')
  await expect(page.getByText('It answers')).toBeVisible()
  await expect(page.getByText('word for word')).toBeVisible()

  await page.getByRole('link', { name: 'Conversations' }).click()
  await page.getByPlaceholder('Customer’s name or e-mail').fill(account.email)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: question }).click()
  await expect(page.getByText('A lovely tent')).toBeVisible()
  await page.getByRole('link', { name: 'Feedback' }).click()
  await expect(page.getByText('A lovely tent')).toBeVisible()
  await page.getByRole('link', { name: 'Audit log' }).click()
  await expect(page.getByText(question).first()).toBeVisible()
  await Promise.all([api.dispose(), zoe.dispose()])
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the tools and records, ${scheme} @phone`, async ({ page, admin: _, axe }) => {
    test.setTimeout(90_000)
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const path of ['/admin/faqs/import', '/admin/try?q=What happens if it rains', '/admin/conversations', '/admin/feedback', '/admin/audit']) {
      await page.goto(path)
      await hydrated(page)
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await axe()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
  })
}
