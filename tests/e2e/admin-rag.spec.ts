import type { Page } from '@playwright/test'
import type { AdminDelivery, RagStatus } from '#shared/contracts/admin'
import { rag, startRagServer } from '../support/rag-server'
import { expect, test } from '../support/e2e'

const well: RagStatus = {
  configured: true, format: 'plain', key: 'set', breaker: { state: 'closed', opened_at: null, try_again_at: null }, in_flight: 0, max_in_flight: 32,
  last_answer_at: new Date().toISOString(), last_error: null, last_hour: { calls: 41, failed: 0, skipped: 0, p50_ms: 620, p95_ms: 1840 },
  outbox: { pending: 0, given_up: 0, oldest_pending_at: null, last_error: null }, pending_questions: 0,
}

/** The service's state belongs to the whole server: a story that needs it ill shows the page one of its own making. */
async function showStatus(page: Page, status: Partial<RagStatus>) {
  await page.route('**/api/admin/rag/status', route => route.fulfill({ json: { ...well, ...status } }))
}

test('an admin tries a RAG service before saving it, and sees why it fails', async ({ page, admin: _, open }) => {
  const service = await startRagServer(rag.answer('The ferry takes 35 minutes.'))
  await open('/admin/settings')
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(service.url)
  await page.getByRole('textbox', { name: 'Try it' }).fill('How long does the ferry take?')
  await page.getByRole('button', { name: 'Ask' }).click()
  const result = page.getByRole('status').filter({ hasText: 'It answered' })
  await expect(result).toContainText('HTTP 200')
  await expect(result).toContainText('The ferry takes 35 minutes.')
  expect(service.requests.at(-1)!.body).toMatchObject({ text: 'How long does the ferry take?' })

  service.always(rag.status(401))
  await page.getByRole('textbox', { name: 'Try it' }).press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'It failed' })).toContainText('HTTP 401')
  await service.stop()
  await page.getByRole('button', { name: 'Ask' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It failed' })).toContainText('Reason:')

  await page.getByLabel('Format').selectOption('openai')
  await expect(page.getByLabel('Model')).toBeVisible()
  await expect(page.getByLabel('Instructions')).toBeVisible()
  await page.getByRole('button', { name: 'Undo changes' }).click()
  await expect(page.getByLabel('Model')).toBeHidden()
})

test('a service that is left alone and a key that cannot be read are said plainly @phone', async ({ page, admin: _, open, axe }) => {
  await showStatus(page, { breaker: { state: 'open', opened_at: new Date().toISOString(), try_again_at: new Date(Date.now() + 20_000).toISOString() }, last_error: { at: new Date().toISOString(), reason: 'no answer within 10000 ms', status: null }, last_hour: { calls: 9, failed: 6, skipped: 12, p50_ms: null, p95_ms: null } })
  await open('/admin/settings')
  const panel = page.getByRole('region', { name: 'How the RAG service does' })
  await expect(panel).toContainText('It failed too often and is left alone')
  await expect(panel).toContainText('no answer within 10000 ms')
  await axe(page, 'main')
  await showStatus(page, { key: 'unreadable' })
  await panel.getByRole('button', { name: 'Look again' }).click()
  await expect(panel).toContainText('ENCRYPTION_KEY has changed')
})

test('a rating that was given up is sent again, and a refusal is told', async ({ page, admin: _, open, allowConsole }) => {
  allowConsole(/409 \(Conflict\)/)
  const delivery = (n: number): AdminDelivery => ({ id: `00000000-0000-7000-8000-00000000000${n}`, feedback_id: 'f', message_id: 'm', conversation_id: '00000000-0000-7000-8000-0000000000ff', version: 1, value: 'down', status: 'given_up', attempts: 31, next_attempt_at: '2026-11-01T10:00:00.000Z', give_up_at: '2026-11-08T10:00:00.000Z', last_error: 'HTTP 500', created_at: `2026-11-0${n}T10:00:00.000Z`, delivered_at: null })
  await showStatus(page, { outbox: { pending: 0, given_up: 2, oldest_pending_at: null, last_error: 'HTTP 500' } })
  await page.route('**/api/admin/outbox?*', route => route.fulfill({ json: { items: [delivery(2), delivery(1)], next_cursor: null } }))
  await page.route('**/api/admin/outbox/*/retry', route => route.request().url().includes('000002/') ? route.fulfill({ json: { ...delivery(2), status: 'pending' } }) : route.fulfill({ status: 409, json: { error: 'A newer version of it has arrived already.', code: 'CONFLICT', request_id: 'x' } }))
  await open('/admin/settings')
  const list = page.getByRole('region', { name: 'Ratings that could not be delivered' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await list.getByRole('button', { name: /2 Nov 2026/ }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await list.getByRole('button', { name: /1 Nov 2026/ }).click()
  await expect(page.getByText('A newer version of it has arrived already.', { exact: true })).toBeVisible()
  await expect(list.getByRole('listitem')).toHaveCount(1)
})
