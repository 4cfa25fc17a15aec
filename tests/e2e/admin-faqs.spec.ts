import type { APIRequestContext, Page } from '@playwright/test'
import { apiAs, expect, register, test } from '../support/e2e'
import { ADMIN } from '../support/e2e-global-setup'

let made = 0
/** A question nobody else asks: the tests share one server. */
const unique = (topic: string) => `Is there a ${topic} ${process.pid}x${++made}?`

async function addFaq(api: APIRequestContext, question: string, answer = 'Yes, there is.', phrasings: string[] = []) {
  const added = await api.post('/api/admin/faqs', { data: { question, answer, phrasings } })
  expect(added.status()).toBe(201)
  return await added.json() as { id: string, version: number }
}

const notice = (page: Page, text: string | RegExp) => page.getByRole('region', { name: /Notifications/ }).getByText(text)

test('an admin writes a FAQ, and a customer is answered from it', async ({ page, admin: _, open, allowConsole, baseURL }) => {
  allowConsole(/400 \(Bad Request\)/)
  const question = unique('piano')
  await open('/admin/faqs')
  await page.getByRole('link', { name: 'Add a FAQ' }).click()
  await page.getByLabel('Question', { exact: true }).fill(question)
  await page.getByRole('button', { name: 'Add FAQ' }).click()

  // Refused for want of an answer: the field says so and has the focus; nothing typed is lost.
  const answer = page.getByRole('textbox', { name: 'Answer' })
  await expect(answer).toBeFocused()
  await expect(answer).toHaveAccessibleDescription(/Write something/)
  await answer.fill('Yes, a **grand** one.\n\n- tuned in spring\n- see the [rooms](/services/rooms)')
  const preview = page.getByRole('complementary', { name: 'Preview' })
  await expect(preview.getByRole('listitem').filter({ hasText: 'tuned in spring' }).last()).toBeVisible()
  await expect(preview.getByRole('link', { name: 'rooms' })).toHaveAttribute('href', '/services/rooms')

  await page.getByRole('button', { name: 'Paste many' }).click()
  await page.getByRole('textbox', { name: 'Phrasings, one a line' }).fill(`- pianoforte ${made}?\n2. can somebody play ${made}\n${question}`)
  await expect(page.getByText('2 new, 1 there already')).toBeVisible()
  await page.getByRole('button', { name: 'Add 2' }).click()
  await expect(page.getByRole('textbox', { name: 'Phrasing 2' })).toHaveValue(`can somebody play ${made}`)
  await page.getByRole('button', { name: 'Add FAQ' }).click()
  await expect(page).toHaveURL(/\/admin\/faqs\/[0-9a-f-]{36}$/)
  await expect(notice(page, /Added/)).toBeVisible()

  const customer = await apiAs(await register(page.request, baseURL!), baseURL!)
  await expect.poll(async () => (await (await customer.post('/api/chatbot/messages', { data: { message_text: question } })).json()).text).toContain('grand')
  await customer.dispose()
})

test('the list is searched, filtered and kept in the address; switching off and deleting can be taken back', async ({ page, admin: _, open, baseURL }) => {
  const question = unique('sauna')
  const api = await apiAs(ADMIN, baseURL!)
  await addFaq(api, question)
  await open('/admin/faqs')
  await page.keyboard.press('/')
  await page.keyboard.type(question)
  await expect(page).toHaveURL(/\?q=Is/)
  await expect(page.getByText('1 of 1 shown')).toBeVisible()

  await page.getByRole('switch', { name: `Active: ${question}` }).click()
  await expect(notice(page, /is off/)).toBeVisible()
  await page.locator('select[name="active"]').selectOption('Active')
  await expect(page.getByRole('heading', { name: 'No FAQ fits' })).toBeVisible()
  await page.locator('select[name="active"]').selectOption('Inactive')
  await expect(page).toHaveURL(/active=false/)
  await page.reload()
  await expect(page.getByRole('link', { name: question, exact: true })).toBeVisible()
  await expect(page.getByRole('switch', { name: `Active: ${question}` })).not.toBeChecked()

  await page.getByRole('button', { name: `More for ${question}` }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Delete this FAQ?' })
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: question, exact: true })).toBeVisible()
  await page.getByRole('button', { name: `More for ${question}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'No FAQ fits' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('switch', { name: `Active: ${question}` })).not.toBeChecked()
  await api.dispose()
})

test('two admins who change one FAQ see both versions and choose, part by part', async ({ page, admin: _, open, allowConsole, baseURL }) => {
  allowConsole(/409 \(Conflict\)/)
  const api = await apiAs(ADMIN, baseURL!)
  const question = unique('lift')
  const { id, version } = await addFaq(api, question, 'Yes.', ['elevator'])
  await open(`/admin/faqs/${id}`)
  await page.getByRole('textbox', { name: 'Answer' }).fill('Yes, two of them.')
  await api.patch(`/api/admin/faqs/${id}`, { data: { version, answer: 'No.', phrasings: ['elevator', 'hoist'] } })
  await page.keyboard.press('Control+s')

  const dialog = page.getByRole('dialog', { name: /Somebody else saved this FAQ/ })
  await expect(dialog.getByText('No.', { exact: true })).toBeVisible()
  // What this form changed is proposed as ours, what it did not touch as theirs.
  await expect(dialog.getByRole('group', { name: 'Answer' }).getByRole('radio', { name: /Yours/ })).toBeChecked()
  await expect(dialog.getByRole('group', { name: 'Phrasings' }).getByRole('radio', { name: /Theirs/ })).toBeChecked()
  await dialog.getByRole('button', { name: 'Go on editing' }).click()
  await expect(page.getByRole('textbox', { name: 'Answer' })).toHaveValue('Yes, two of them.')
  await page.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('button', { name: 'Save this choice' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(await (await api.get(`/api/admin/faqs/${id}`)).json()).toMatchObject({ answer: 'Yes, two of them.', phrasings: ['elevator', 'hoist'], version: version + 2 })
  await api.dispose()
})

test('a FAQ that is being written is not lost by a click elsewhere', async ({ page, admin: _, open }) => {
  await open('/admin/faqs/new')
  await page.getByLabel('Question', { exact: true }).fill('Half a question')
  await page.getByRole('navigation', { name: 'Back office' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Stay on this page' }).click()
  await expect(page.getByLabel('Question', { exact: true })).toHaveValue('Half a question')
  await page.getByRole('navigation', { name: 'Back office' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page).toHaveURL(/\/admin\/settings$/)
})

test('a FAQ that is gone and a server that fails are told, and trying again works', async ({ page, admin: _, open, allowConsole }) => {
  allowConsole(/404 \(Not Found\)|503 \(Service Unavailable\)/)
  await open('/admin/faqs/01920000-0000-7000-8000-000000000000')
  await expect(page.getByText('This is not here any more')).toBeVisible()
  await page.route('**/api/admin/faqs?*', route => route.fulfill({ status: 503, json: { error: 'The service is not available for a moment.', code: 'UNAVAILABLE', request_id: 'test-1' } }))
  await page.getByRole('link', { name: 'FAQs' }).first().click()
  await expect(page.getByText('Request id: test-1')).toBeVisible()
  await page.unroute('**/api/admin/faqs?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText(/of \d+ shown/)).toBeVisible()
})
