import type { Page } from '@playwright/test'
import { expect, hydrated, test } from '../support/e2e'

const outline = (page: Page) => page.getByRole('region', { name: 'The outline' })

async function fillOutline(page: Page, { date, guests, budget }: { date: string, guests: number, budget: number }) {
  await outline(page).getByLabel('Wedding date').fill(date)
  await outline(page).getByLabel('Guests').fill(String(guests))
  await outline(page).getByLabel('Budget in euros').fill(String(budget))
}

const save = (page: Page) => outline(page).getByRole('button', { name: 'Save' }).click()
const isSaved = (page: Page) => expect(outline(page).getByRole('status')).toHaveText('Saved')

test('the outline and the ticks are kept, and each task\'s day follows from the date @phone', async ({ page, open, customer }) => {
  expect(customer.name).toBeTruthy()
  await open('/my-plan')
  await expect(page.getByText('Set a wedding date and each task gets its day.')).toBeVisible()
  await fillOutline(page, { date: '2031-05-31', guests: 80, budget: 32000 })
  await expect(outline(page).getByRole('status')).toHaveText('Not saved yet')
  await save(page)
  await isSaved(page)
  await expect(outline(page)).toContainText('€400 a guest')
  const invitations = page.getByRole('listitem').filter({ hasText: 'Send the invitations' })
  await expect(invitations).toContainText('28 February 2031')

  const stored = page.waitForResponse(response => response.url().endsWith('/tasks/set-budget') && response.ok())
  await page.getByRole('checkbox', { name: /Agree on a budget/ }).check()
  await stored
  await page.reload()
  await hydrated(page)
  await expect(outline(page).getByLabel('Wedding date')).toHaveValue('2031-05-31')
  await expect(outline(page).getByLabel('Guests')).toHaveValue('80')
  await expect(page.getByRole('checkbox', { name: /Agree on a budget/ })).toBeChecked()
  await expect(page.getByText('1 of 27 done')).toBeVisible()
  await expect(page.getByText('31 May 2031', { exact: true })).toBeVisible()
})

test('a plan is in the server\'s own page already', async ({ page, open, customer }) => {
  expect(customer.name).toBeTruthy()
  await open('/my-plan')
  await fillOutline(page, { date: '2031-06-14', guests: 61, budget: 20000 })
  await save(page)
  await isSaved(page)
  const html = await (await page.request.get('/my-plan')).text()
  expect(html).toContain('value="2031-06-14"')
  expect(html).toContain('14 June 2031')
})

test('tasks whose day has passed are marked as overdue in words', async ({ page, open, customer }) => {
  expect(customer.name).toBeTruthy()
  await open('/my-plan')
  await page.clock.setFixedTime(new Date('2030-06-01T12:00:00Z'))
  await page.reload()
  await hydrated(page)
  await fillOutline(page, { date: '2030-06-08', guests: 20, budget: 9000 })
  await save(page)
  await isSaved(page)
  await expect(page.getByRole('listitem').filter({ hasText: 'Send the invitations' })).toContainText('Overdue: 8 March 2030')
  await expect(page.getByText('7 days to go')).toBeVisible()
})

test('a tick that did not reach the server is taken back and says so', async ({ page, open, customer, context, allowConsole }) => {
  expect(customer.name).toBeTruthy()
  allowConsole(/ERR_INTERNET_DISCONNECTED|Error fetching app manifest/)
  await open('/my-plan')
  const tick = page.getByRole('checkbox', { name: /Order the rings/ })
  await context.setOffline(true)
  await tick.click()
  await expect(page.getByText('That did not reach us, so we put it back.')).toBeVisible()
  await expect(tick).not.toBeChecked()
  await context.setOffline(false)
  const stored = page.waitForResponse(response => response.url().endsWith('/tasks/rings') && response.ok())
  await tick.click()
  await stored
  await expect(tick).toBeChecked()
  await expect(page.getByText('That did not reach us, so we put it back.')).toBeHidden()
})

test('a save without a connection keeps what was typed and can be tried again', async ({ page, open, customer, context, allowConsole }) => {
  expect(customer.name).toBeTruthy()
  allowConsole(/ERR_INTERNET_DISCONNECTED|Error fetching app manifest/)
  await open('/my-plan')
  await fillOutline(page, { date: '2031-09-06', guests: 45, budget: 15000 })
  await context.setOffline(true)
  await save(page)
  await expect(outline(page).getByRole('alert')).toContainText('Not saved.')
  await context.setOffline(false)
  await outline(page).getByRole('button', { name: 'Try again' }).click()
  await isSaved(page)
  await expect(outline(page).getByLabel('Guests')).toHaveValue('45')
})

test('a refused figure is marked at its field', async ({ page, open, customer, allowConsole }) => {
  expect(customer.name).toBeTruthy()
  allowConsole(/400/)
  await open('/my-plan')
  await outline(page).getByLabel('Guests').fill('6000')
  await save(page)
  await expect(outline(page).getByLabel('Guests')).toHaveAccessibleDescription(/5,000 guests/)
})

test('two windows that change the same plan never overwrite each other unseen', async ({ page, open, customer, context, allowConsole }) => {
  expect(customer.name).toBeTruthy()
  allowConsole(/409/)
  const other = await context.newPage()
  await open('/my-plan')
  await open('/my-plan', other)
  await fillOutline(other, { date: '2031-06-21', guests: 70, budget: 21000 })
  await save(other)
  await isSaved(other)

  await fillOutline(page, { date: '2031-06-28', guests: 90, budget: 30000 })
  await save(page)
  const conflict = outline(page).getByRole('alert').filter({ hasText: 'changed in another window' })
  await expect(conflict).toContainText('21 June 2031, 70 guests, €21,000')
  await expect(outline(page).getByLabel('Guests')).toHaveValue('90')
  await conflict.getByRole('button', { name: 'Keep mine' }).click()
  await isSaved(page)

  await fillOutline(other, { date: '2031-07-05', guests: 75, budget: 22000 })
  await save(other)
  await other.getByRole('button', { name: 'Use the saved one' }).click()
  await expect(outline(other).getByLabel('Guests')).toHaveValue('90')
  await expect(outline(other).getByLabel('Wedding date')).toHaveValue('2031-06-28')
})
