import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { holdRequests, refusal } from '../../support/held-requests'
import { useAdminFaqImport } from '~/stores/admin-faq-import'
import type { ImportReport } from '#shared/contracts/admin-faqs'

const { requests, request } = holdRequests()
beforeEach(() => setActivePinia(createPinia()))

const csv = 'question,answer\nMay we bring a dog?,Yes.\n'
const csvFile = () => new File([csv], 'faqs.csv', { type: 'text/csv' })
const report = (more: Partial<ImportReport> = {}): ImportReport => ({
  dry_run: true, imported: false, rows: 3, created: 2, updated: 1, unchanged: 0, errors: [], error_count: 0, preview: [], ignored_columns: [], revision: 41, ...more,
})

async function checked() {
  const store = useAdminFaqImport()
  const checking = store.check(csvFile())
  ;(await request(0)).answer(200, report())
  await checking
  return store
}

describe('checking a file', () => {
  it('sends it as it is and shows what would change, without storing anything', async () => {
    const store = useAdminFaqImport()
    const checking = store.check(csvFile())
    expect(store.state).toBe('checking')
    const sent = await request(0)
    expect([sent.method, sent.path, sent.query]).toEqual(['POST', '/api/admin/faqs/import', { dry_run: 'true' }])
    expect([sent.headers['content-type'], sent.body]).toEqual(['text/csv', csv])
    expect(store.changes).toBe(0)
    sent.answer(200, report())
    await checking
    expect([store.state, store.changes, store.file?.name, store.failure]).toEqual(['checked', 3, 'faqs.csv', null])
  })

  it.each([
    ['FAQS.JSON', '', 'application/json'],
    ['faqs.txt', 'application/json', 'application/json'],
    ['faqs.csv', 'application/vnd.ms-excel', 'text/csv'],
    ['faqs', '', 'text/csv'],
  ])('takes %s (%j) for %s', async (name, type, expected) => {
    const store = useAdminFaqImport()
    const checking = store.check(new File(['[]'], name, { type }))
    expect((await request(0)).headers['content-type']).toBe(expected)
    requests[0]!.answer(200, report())
    await checking
  })

  it('tells why the server does not take it, and lets another be chosen', async () => {
    const store = useAdminFaqImport()
    const checking = store.check(csvFile())
    ;(await request(0)).answer(413, refusal('PAYLOAD_TOO_LARGE'))
    await checking
    expect([store.state, store.failure?.status, store.report]).toEqual(['choose', 413, null])
    const again = store.check(csvFile())
    expect([store.state, store.failure]).toEqual(['checking', null])
    ;(await request(1)).answer(200, report())
    await again
    expect(store.state).toBe('checked')
  })

  it('says that a file cannot be read any more', async () => {
    const store = useAdminFaqImport()
    const file = csvFile()
    // What a browser does when the file has been moved or written to since it was chosen.
    file.text = () => Promise.reject(new DOMException('The requested file could not be read', 'NotReadableError'))
    await store.check(file)
    expect(store.state).toBe('choose')
    expect(store.failure).toEqual({ status: 0, message: 'faqs.csv cannot be read: it may have been moved or changed. Choose it again.', requestId: null, fields: {} })
    expect(requests).toHaveLength(0)
  })

  it.each([
    ['an answer', 200, report()],
    ['a refusal', 503, refusal('UNAVAILABLE')],
  ])('drops %s about a file that was put away meanwhile', async (_, status, body) => {
    const store = useAdminFaqImport()
    const checking = store.check(csvFile())
    await request(0)
    store.reset()
    requests[0]!.answer(status, body)
    await checking
    expect([store.state, store.report, store.file, store.failure]).toEqual(['choose', null, null, null])
  })

  it('does not send a file that was put away while it was read', async () => {
    const store = useAdminFaqImport()
    const checking = store.check(csvFile())
    store.reset()
    await checking
    expect([requests.length, store.state]).toEqual([0, 'choose'])
  })
})

describe('importing what was checked', () => {
  it('sends the same file with the revision of the preview', async () => {
    const store = await checked()
    const running = store.run()
    expect(store.state).toBe('importing')
    await store.run()
    const sent = await request(1)
    expect([sent.query, sent.body]).toEqual([{ dry_run: 'false', revision: '41' }, csv])
    expect(requests).toHaveLength(2)
    sent.answer(200, report({ dry_run: false, imported: true }))
    await running
    expect([store.state, store.report?.imported]).toEqual(['done', true])
    await store.run()
    expect(requests).toHaveLength(2)
  })

  it('does nothing before a file was checked', async () => {
    await useAdminFaqImport().run()
    await useAdminFaqImport().checkAgain()
    expect(requests).toHaveLength(0)
  })

  it('stores nothing over what has changed since, and checks the same file again', async () => {
    const store = await checked()
    const running = store.run()
    ;(await request(1)).answer(409, refusal('CONFLICT'))
    await running
    expect([store.state, store.failure?.status, store.changes]).toEqual(['checked', 409, 3])
    const again = store.checkAgain()
    const sent = await request(2)
    expect([sent.query, sent.headers['content-type'], sent.body]).toEqual([{ dry_run: 'true' }, 'text/csv', csv])
    sent.answer(200, report({ created: 0, revision: 42 }))
    await again
    expect([store.state, store.failure, store.changes, store.report?.revision]).toEqual(['checked', null, 1, 42])
  })

  it.each([
    ['an answer', 200, report({ imported: true })],
    ['a refusal', 503, refusal('UNAVAILABLE')],
  ])('shows %s to nobody who has left the page', async (_, status, body) => {
    const store = await checked()
    const running = store.run()
    await request(1)
    store.reset()
    requests[1]!.answer(status, body)
    await running
    expect([store.state, store.report, store.failure]).toEqual(['choose', null, null])
  })

  it('begins anew with another file', async () => {
    const store = await checked()
    store.reset()
    expect([store.state, store.file, store.report, store.changes]).toEqual(['choose', null, null, 0])
  })
})
