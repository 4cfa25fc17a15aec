import { apiAs, expect, hydrated, register, signIn, test } from '../support/e2e'

let made = 0
const unique = (word: string) => `${word}${process.pid}x${++made}`

test('an admin disables a customer, who is out at once, and undoes it', async ({ page, admin: _, open, baseURL }) => {
  const account = await register(page.request, baseURL!, unique('Zoe'))
  const zoe = await apiAs(account, baseURL!)
  await open('/admin/people')
  await page.getByPlaceholder('Name or e-mail address').fill(account.name)
  await expect(page).toHaveURL(new RegExp(`q=${account.name}`))
  const row = page.getByRole('listitem').filter({ hasText: account.email })
  await expect(page.getByRole('list', { name: 'People' }).getByRole('listitem')).toHaveCount(1)

  await page.getByRole('button', { name: `More for ${account.name}` }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  const question = page.getByRole('alertdialog', { name: `Disable ${account.name}?` })
  await question.getByRole('button', { name: 'Leave it' }).click()
  await expect(row.getByText('Disabled')).toHaveCount(0)
  expect((await zoe.get('/api/chatbot/conversations')).status()).toBe(200)

  await page.getByRole('button', { name: `More for ${account.name}` }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await question.getByRole('button', { name: 'Disable' }).click()
  await expect(row.getByText('Disabled')).toBeVisible()
  expect((await zoe.get('/api/chatbot/conversations')).status()).toBe(401)

  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(row.getByText('Disabled')).toHaveCount(0)
  await apiAs(account, baseURL!).then(api => api.dispose())

  // The list that the address names comes back with it, and the audit log tells what happened.
  await page.reload()
  await hydrated(page)
  await expect(row).toBeVisible()
  await page.getByRole('button', { name: `More for ${account.name}` }).click()
  await page.getByRole('menuitem', { name: 'What was changed' }).click()
  await expect(page.getByRole('list', { name: 'Changes' }).getByText(`the account of ${account.email}`)).toHaveCount(2)
  await zoe.dispose()
})

test('a customer is made an admin and a customer again', async ({ page, admin: _, open, baseURL }) => {
  const account = await register(page.request, baseURL!, unique('Yan'))
  const yan = await apiAs(account, baseURL!)
  await open(`/admin/people?q=${account.email}`)
  const change = async (item: string, yes: string) => {
    await page.getByRole('button', { name: `More for ${account.name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: yes }).click()
  }
  await change('Make an admin', 'Make an admin')
  await expect(page.getByRole('listitem').filter({ hasText: account.email }).getByText('Admin', { exact: true })).toBeVisible()
  expect((await yan.get('/api/admin/users')).status()).toBe(200)
  await change('Make a customer', 'Make a customer')
  await expect(page.getByRole('listitem').filter({ hasText: account.email }).getByText('Admin', { exact: true })).toHaveCount(0)
  expect((await yan.get('/api/admin/users')).status()).toBe(401)
  await yan.dispose()
})

test('an admin who gives the role up is led out of the back office', async ({ browser, page, admin: _, baseURL }) => {
  const account = await register(page.request, baseURL!, unique('Uma'))
  const { items: [user] } = await (await page.request.get(`/api/admin/users?q=${account.email}`)).json()
  expect((await page.request.patch(`/api/admin/users/${user.id}`, { data: { role: 'admin', version: user.version } })).status()).toBe(200)
  const context = await browser.newContext({ baseURL })
  await signIn(context, account, baseURL!)
  const own = await context.newPage()
  await own.goto(`/admin/people?q=${account.email}`)
  await hydrated(own)
  await own.getByRole('button', { name: `More for ${account.name}` }).click()
  await own.getByRole('menuitem', { name: 'Make a customer' }).click()
  await own.getByRole('alertdialog', { name: 'Give up being an admin?' }).getByRole('button', { name: 'Make a customer' }).click()
  await expect(own).toHaveURL(/\/sign-in/)
  await expect(own.getByLabel('Password')).toBeVisible()
  await context.close()
})

test('what a customer said is found by its words, with the filters in the address', async ({ page, admin: _, open, baseURL }) => {
  const word = unique('zephyr')
  const account = await register(page.request, baseURL!, unique('Xen'))
  const xen = await apiAs(account, baseURL!)
  for (const text of ['What happens if it rains?', `Is there a Γάμος with a ${word} in it?`]) await xen.post('/api/chatbot/messages', { data: { message_text: text } })

  await open('/admin/conversations')
  await page.getByPlaceholder('Words of a message').fill(`γαμοσ ${word.toUpperCase()}`)
  const list = page.getByRole('list', { name: 'Conversations' })
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await expect(list.locator('mark')).toHaveText(['Γάμος', word])
  await page.getByLabel('Replies').selectOption('rag')
  await expect(page.getByRole('heading', { name: 'No conversation fits' })).toBeVisible()
  await expect(page).toHaveURL(/source=rag/)
  await page.getByLabel('Replies').selectOption('')
  await expect(page).not.toHaveURL(/source=/)
  await page.reload()
  await hydrated(page)
  await list.getByRole('link', { name: 'What happens if it rains?' }).click()
  await expect(page.locator('.found')).toContainText(word)
  await expect(page.getByText(/after \d+ ms/).first()).toBeVisible()
  await page.goBack()
  await expect(page.getByPlaceholder('Words of a message')).toHaveValue(`γαμοσ ${word.toUpperCase()}`)
  await xen.dispose()
})

test('the overview counts what happened, as a drawing and as a table', async ({ page, admin: _, open, baseURL }) => {
  const xen = await apiAs(await register(page.request, baseURL!, unique('Wim')), baseURL!)
  await xen.post('/api/chatbot/messages', { data: { message_text: 'What happens if it rains?' } })
  await open('/admin')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await expect(page.getByRole('term').filter({ hasText: 'Conversations' })).toBeVisible()
  await page.getByRole('button', { name: '7 days' }).click()
  await expect(page).toHaveURL(/days=7/)
  const replies = page.getByRole('figure').filter({ hasText: 'Replies' })
  await expect(replies.getByRole('row')).toHaveCount(8)
  await replies.getByRole('button', { name: 'As a table' }).click()
  await expect(replies.getByRole('row').last()).toBeInViewport()
  await page.getByLabel('From', { exact: true }).fill('2020-01-01')
  await expect(page).toHaveURL(/from=2020-01-01/)
  await xen.dispose()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the overview, people and searches, ${scheme} @phone`, async ({ page, admin: _, axe, baseURL }) => {
    test.setTimeout(120_000)
    const word = unique('axe')
    const customer = await apiAs(await register(page.request, baseURL!, unique('Vic')), baseURL!)
    const { conversation_id } = await (await customer.post('/api/chatbot/messages', { data: { message_text: `What about ${word}?` } })).json()
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const path of ['/admin', '/admin?days=365', '/admin/people', '/admin/people?q=nobody-at-all', `/admin/conversations?q=${word}`, `/admin/conversations/${conversation_id}#m1`, '/admin/audit?entity=user', '/admin/feedback']) {
      await page.goto(path)
      await hydrated(page)
      await expect(page.locator('.skeleton')).toHaveCount(0)
      await axe()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    await customer.dispose()
  })
}
