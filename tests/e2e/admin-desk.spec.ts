import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { chatOn } from '../support/chat-page'
import { apiAs, expect, hydrated, register, signIn, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'

let made = 0
/** A word that nothing else on the server has in common with, not even by some letters: a FAQ of another story must not be the nearest. */
const nonsense = (topic: string) => `${topic}${createHash('sha256').update(`${process.pid} ${++made}`).digest('base64').replace(/[^a-z]/gi, '').toLowerCase().slice(0, 10)}`

const notices = (page: Page) => page.getByRole('region', { name: 'Notifications (F8)' })

/** The list as it is once the questions have been grouped. */
async function untilListed(page: Page, question: string) {
  await expect(async () => {
    await page.reload()
    await hydrated(page)
    await expect(page.getByRole('heading', { name: question })).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 20_000 })
}

async function adminPage(page: Page, origin: string, path: string) {
  await signIn(page.context(), ADMIN, origin)
  await page.goto(path)
  await hydrated(page)
}

test('a question goes from a miss to an answer', async ({ page, browser, customer: _, open, baseURL }) => {
  test.setTimeout(90_000)
  const question = `Do you rent out ${nonsense('gramophones')}?`
  const chat = chatOn(page)
  await open('/my-plan')
  await chat.open()
  const miss = await chat.ask(question)
  await expect(miss).toContainText('I’m not sure about that one')

  const desk = await browser.newPage({ baseURL })
  await test.step('the admin finds it and writes a FAQ for it', async () => {
    await adminPage(desk, baseURL!, '/admin/unanswered')
    await untilListed(desk, question)
    await expect(desk.getByRole('link', { name: /^Unanswered \d+ open/ })).toBeVisible()
    await desk.getByRole('link', { name: `New FAQ for ${question}` }).click()
    await expect(desk.getByLabel('Question', { exact: true })).toHaveValue(question)
    await expect(desk.getByText('This FAQ would answer the question it is made for.')).toBeVisible()
    await desk.getByLabel('Answer', { exact: true }).fill('Yes, **two** of them, with forty records.')
    await desk.getByRole('button', { name: 'Add FAQ' }).click()
    await expect(notices(desk).getByText(/off the list of unanswered ones/)).toBeVisible()
    await desk.getByRole('navigation', { name: 'Back office' }).getByRole('link', { name: /^Unanswered/ }).click()
    await expect(desk.getByRole('heading', { name: 'Unanswered' })).toBeVisible()
    await expect(desk.locator('.skeleton')).toHaveCount(0)
    await expect(desk.getByRole('heading', { name: question })).toHaveCount(0)
  })

  await test.step('the customer asks again and is answered', async () => {
    await expect(async () => {
      await chat.ask(question)
      await expect(chat.said('with forty records').first()).toBeVisible({ timeout: 1000 })
    }).toPass({ timeout: 20_000 })
  })
  await desk.close()
})

test('a group is dismissed with undo, and added to a FAQ that is there', async ({ page, admin: _, baseURL }) => {
  const anna = await apiAs(await register(page.request, baseURL!), baseURL!)
  const question = `Is there a ${nonsense('harpsichord')}?`
  await anna.post('/api/chatbot/messages', { data: { message_text: question } })
  await adminPage(page, baseURL!, '/admin/unanswered')
  await untilListed(page, question)
  await page.getByRole('button', { name: `Dismiss ${question}` }).click()
  await expect(page.getByRole('heading', { name: question })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByRole('heading', { name: question })).toBeVisible()

  await page.getByRole('button', { name: `Add to a FAQ ${question}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Add to a FAQ' })
  await dialog.getByLabel('Of which FAQ?').fill('rains')
  await dialog.getByRole('radio', { name: 'What happens if it rains?' }).check()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(notices(page).getByText(/^Added to “What happens if it rains\?”/)).toBeVisible()
  await expect(dialog).toHaveCount(0)
  await page.getByRole('button', { name: 'Resolved' }).click()
  await expect(page.getByRole('heading', { name: question })).toBeVisible()
  // As it was, for the other tests.
  const api = await apiAs(ADMIN, baseURL!)
  const { items: [faq] } = await (await api.get('/api/admin/faqs?q=rains')).json()
  await api.patch(`/api/admin/faqs/${faq.id}`, { data: { phrasings: faq.phrasings.filter((text: string) => text !== question), version: faq.version } })
  await Promise.all([anna.dispose(), api.dispose()])
})

test('real questions are replayed against a FAQ before it is saved', async ({ page, admin: _, open, baseURL }) => {
  const anna = await apiAs(await register(page.request, baseURL!), baseURL!)
  const question = `May we release ${nonsense('butterflies')}?`
  await anna.post('/api/chatbot/messages', { data: { message_text: question } })
  await open('/admin/faqs/new')
  await page.getByLabel('Question', { exact: true }).fill(question)
  await page.getByLabel('Answer', { exact: true }).fill('Only paper ones.')
  await page.getByRole('button', { name: 'See what would change' }).click()
  const dialog = page.getByRole('dialog', { name: 'See what would change' })
  await dialog.getByRole('combobox').selectOption('50')
  await dialog.getByRole('button', { name: 'Replay' }).click()
  const change = dialog.getByRole('listitem').filter({ hasText: question }).first()
  await expect(change).toContainText('No FAQ')
  await expect(change).toContainText('Answer')
  await expect(dialog.getByRole('status')).toContainText(/Of the last \d+ questions?, .*This FAQ answers [1-9]/)
  await dialog.getByRole('button', { name: 'Close' }).click()
  const api = await apiAs(ADMIN, baseURL!)
  expect((await (await api.get(`/api/admin/faqs?q=${encodeURIComponent(question)}`)).json()).total).toBe(0)

  await test.step('in the workbench with another strictness', async () => {
    await page.getByLabel('Question', { exact: true }).fill('')
    await page.getByLabel('Answer', { exact: true }).fill('')
    await open('/admin/try')
    await page.getByLabel('answered').selectOption('eager')
    await page.getByRole('button', { name: 'Replay' }).click()
    await expect(page.getByText(/Of the last \d+ questions/)).toBeVisible()
  })
  await Promise.all([anna.dispose(), api.dispose()])
})

test('a person takes over and hands back', async ({ page, browser, customer, open, baseURL }) => {
  test.setTimeout(120_000)
  const chat = chatOn(page)
  const question = `Could we keep ${nonsense('penguins')}?`
  await open('/my-plan')
  await chat.open()
  const miss = await chat.ask(question)
  await miss.getByRole('button', { name: 'I would like to talk to a person' }).click()
  await expect(chat.said('I have told our planners')).toBeVisible()
  await expect(chat.log.getByRole('button', { name: 'I would like to talk to a person' })).toHaveCount(0)

  const desk = await browser.newPage({ baseURL })
  await adminPage(desk, baseURL!, '/admin/conversations')
  const waiting = desk.getByRole('region', { name: 'Waiting for a person' }).getByRole('listitem').filter({ hasText: customer.email })
  await expect(waiting).toContainText(question)
  await waiting.getByRole('link').click()
  await expect(desk.getByText('The customer has asked for a person.')).toBeVisible()
  await desk.getByRole('button', { name: 'Answer as a person' }).click()
  await desk.getByLabel('Your message').fill('Good evening, only rubber ones.')
  await desk.keyboard.press('Enter')
  await expect(desk.getByLabel('Your message')).toHaveValue('')

  await expect(chat.said('only rubber ones')).toBeVisible()
  await expect(chat.said('only rubber ones').getByRole('group', { name: 'Was this helpful?' })).toHaveCount(0)
  await chat.write('What happens if it rains?')
  await expect(desk.getByText('What happens if it rains?', { exact: true })).toBeVisible()
  await expect(desk.getByText(/Waiting since/)).toBeVisible()
  await expect(chat.log.getByText('VasiliasBot is typing')).toHaveCount(0)
  await expect(chat.messages.last()).toContainText('What happens if it rains?')

  await desk.getByRole('button', { name: 'Hand back to the bot' }).click()
  await expect(desk.getByText('The bot answers here.')).toBeVisible()
  await chat.ask('How many guests can you host?')
  await expect(chat.messages.last()).toContainText('From an elopement')
  await desk.close()
})

test('a FAQ that another answers is told of, and a learned pair is taken back', async ({ page, admin: _, open, baseURL }) => {
  await open('/admin/faqs/new')
  await page.getByLabel('Question', { exact: true }).fill('what happens when it rains')
  await expect(page.getByText('Another FAQ answers this already')).toBeVisible()
  await expect(page.getByRole('link', { name: 'What happens if it rains?' })).toBeVisible()
  await page.getByLabel('Question', { exact: true }).fill('')

  const api = await apiAs(ADMIN, baseURL!)
  const { items: [faq] } = await (await api.get('/api/admin/faqs?q=rains')).json()
  const question = `is there a ${nonsense('monsoon')}`
  await api.post('/api/admin/faqs/negatives', { data: { faq_id: faq.id, question } })
  await open('/admin/faqs/learned')
  await page.getByRole('button', { name: `Forget that ${faq.question} does not answer ${question}` }).click()
  await expect(page.getByRole('button', { name: `does not answer ${question}` })).toHaveCount(0)
  expect(JSON.stringify(await (await api.get('/api/admin/faqs/negatives')).json())).not.toContain(question)
  await api.dispose()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing where people answer, ${scheme} @phone`, async ({ page, admin: _, axe, baseURL }) => {
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const anna = await apiAs(await register(page.request, baseURL!), baseURL!)
    const api = await apiAs(ADMIN, baseURL!)
    const { conversation_id: id } = await (await anna.post('/api/chatbot/messages', { data: { message_text: `Any ${nonsense('unicorns')}?` } })).json()
    await anna.post('/api/chatbot/messages', { data: { message_text: 'I want to talk to a person' } })
    await api.post(`/api/admin/conversations/${id}/messages`, { data: { text: 'Good morning.' } })
    await anna.post('/api/chatbot/messages', { data: { message_text: 'And zebras?' } })
    const { items: [faq] } = await (await api.get('/api/admin/faqs?limit=1')).json()
    await api.post('/api/admin/faqs/negatives', { data: { faq_id: faq.id, question: nonsense('moss') } })
    let group: { id: string } | undefined
    await expect.poll(async () => ({ items: [group] } = await (await api.get('/api/admin/unanswered')).json())?.items.length).toBeGreaterThan(0)
    for (const path of ['/admin/unanswered', `/admin/faqs/new?from=${group!.id}`, '/admin/faqs/learned', '/admin/conversations', `/admin/conversations/${id}`, '/admin/try', '/admin/settings']) {
      await page.goto(path)
      await hydrated(page)
      await expect(page.locator('.skeleton')).toHaveCount(0)
      if (path === '/admin/settings') await page.getByRole('switch', { name: 'Office hours' }).click()
      if (path === '/admin/unanswered') await page.locator('summary').first().click({ timeout: 1000 }).catch(() => {})
      await axe()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    await page.goto('/admin/unanswered')
    await hydrated(page)
    await page.getByRole('button', { name: /^Add to a FAQ/ }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await axe()
    await Promise.all([anna.dispose(), api.dispose()])
  })
}
