import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseCsv } from '#server/services/faqs/csv'
import type { AdminFaq } from '#shared/contracts/admin'
import { startApi, type ApiHarness, type SignedInClient } from '../../support/api'

let api: ApiHarness
let admin: SignedInClient
beforeAll(async () => {
  api = await startApi()
})
beforeEach(async () => {
  await api.reset()
  admin = await api.admin()
})
afterAll(() => api.close())

const list = async (): Promise<AdminFaq[]> => (await admin.get('/api/admin/faqs?limit=100')).body.items
const importCsv = (text: string, query = '') => admin.post(`/api/admin/faqs/import${query}`, text, { 'content-type': 'text/csv' })
const importJson = (data: unknown, query = '') => admin.post(`/api/admin/faqs/import${query}`, JSON.stringify(data), { 'content-type': 'application/json' })
const awkward = { question: '=cmd|calc, "quoted"; and\nbroken?', answer: '- a list\n- **two**\r\nΝαι, βεβαίως; \'=not a formula', phrasings: ['a\\b', 'two\nlines', '+30 210', '\'=x'] }

describe('the export', () => {
  it.each(['csv', 'json'])('is a download in %s that the import takes back unchanged', async (format) => {
    await admin.post('/api/admin/faqs', { ...awkward, is_active: false })
    const before = await list()
    const file = await admin.request('GET', `/api/admin/faqs/export?format=${format}`)
    expect(file.headers.get('content-disposition')).toMatch(new RegExp(`attachment; filename="vasiliasbot-faqs-\\d{4}-\\d{2}-\\d{2}\\.${format}"`))
    const type = format === 'csv' ? 'text/csv' : 'application/json'
    const again = await admin.post('/api/admin/faqs/import', file.text, { 'content-type': type })
    expect(again.body).toMatchObject({ imported: true, rows: before.length, created: 0, updated: 0, unchanged: before.length })
    expect(await list()).toEqual(before)

    for (const faq of before) await admin.delete(`/api/admin/faqs/${faq.id}`)
    expect((await admin.post('/api/admin/faqs/import', file.text, { 'content-type': type })).body).toMatchObject({ created: before.length })
    const texts = (faqs: AdminFaq[]) => faqs.map(({ question, answer, phrasings, order, is_active }) => ({ question, answer, phrasings, order, is_active }))
    expect(texts(await list())).toEqual(texts(before))
  })

  it('has no cell that a spreadsheet would run as a formula', async () => {
    await admin.post('/api/admin/faqs', awkward)
    const { text } = await admin.request('GET', '/api/admin/faqs/export?format=csv')
    expect(text).toContain('"\'=cmd|calc, ""quoted""; and')
    expect(parseCsv(text).flat().filter(cell => /^[=+@\t\r-]/.test(cell))).toEqual([])
  })
})

describe('the import', () => {
  it('tells on a dry run what it would do, and stores nothing', async () => {
    const [first] = await list()
    const report = await importJson([{ question: first!.question, answer: 'New words.' }, { question: 'Is there a piano?', answer: 'Yes.' }], '?dry_run=true')
    expect(report.body).toMatchObject({
      dry_run: true, imported: false, rows: 2, created: 1, updated: 1, unchanged: 0, error_count: 0,
      preview: [{ row: 1, action: 'update', question: first!.question, changes: ['answer'] }, { row: 2, action: 'create', question: 'Is there a piano?' }],
    })
    expect((await list())[0]).toEqual(first)
  })

  it('changes the FAQ that asks the same, keeps what the file does not say, and adds the rest at the end', async () => {
    const [first] = await list()
    const report = await importCsv(`question;answer;is_active\r\n${first!.question.toUpperCase()};New words;no\r\nIs there a piano?;Yes.;\r\n`)
    expect(report.body).toMatchObject({ imported: true, created: 1, updated: 1 })
    const after = await list()
    expect(after[0]).toMatchObject({ id: first!.id, question: first!.question.toUpperCase(), answer: 'New words', is_active: false, phrasings: first!.phrasings, version: 2 })
    expect(after.at(-1)).toMatchObject({ question: 'Is there a piano?', answer: 'Yes.', is_active: true, phrasings: [] })
  })

  it('imports nothing when one row is wrong, and names each row and column', async () => {
    const before = await list()
    const csv = 'question,answer,order,is_active\nIs there a piano?,Yes.,,\n,No question,,\nIs there a harp?,Yes.,first,maybe\nis there a PIANO,Again.,,\n'
    const refused = await importCsv(csv)
    expect(refused.status).toBe(400)
    expect(refused.body.details.map((detail: { path: string }) => detail.path)).toEqual(['rows.3.question', 'rows.4.order', 'rows.4.is_active', 'rows.5.question'])
    const dry = await importCsv(csv, '?dry_run=true')
    expect(dry.body).toMatchObject({ imported: false, error_count: 4, errors: [{ row: 3, column: 'question' }, { row: 4, column: 'order' }, { row: 4, column: 'is_active' }, { row: 5, column: 'question', message: 'Row 2 asks the same: keep one of the two.' }] })
    expect(await list()).toEqual(before)
  })

  it.each([
    ['no list', 'application/json', '{"question":"x"}', /has to be a list/],
    ['broken JSON', 'application/json', '[{', /not valid JSON/],
    ['a CSV without the columns', 'text/csv', 'frage,antwort\na,b\n', /“question” is not among them/],
    ['an open quote', 'text/csv', 'question,answer\n"a,b\n', /Row 2 opens a quote/],
    ['nothing', 'text/csv', 'question,answer\n', /no FAQ in this file/],
  ])('says what is wrong with %s', async (_, type, text, message) => {
    const refused = await admin.post('/api/admin/faqs/import', text, { 'content-type': type })
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_ERROR'])
    expect(refused.body.error).toMatch(message)
  })

  it('refuses other kinds of files, too large ones and bytes that are no UTF-8', async () => {
    expect((await admin.post('/api/admin/faqs/import', 'x', { 'content-type': 'application/pdf' })).status).toBe(415)
    expect((await admin.request('POST', '/api/admin/faqs/import', { body: new Uint8Array([0x71, 0xFF]), headers: { 'content-type': 'text/csv' } })).status).toBe(400)
    expect((await admin.post('/api/admin/faqs/import', 'x'.repeat(16 * 1024 * 1024 + 1), { 'content-type': 'text/csv' })).status).toBe(413)
  })

  it('refuses a preview that others have overtaken', async () => {
    const file = [{ question: 'Is there a piano?', answer: 'Yes.' }]
    const { body: { revision } } = await importJson(file, '?dry_run=true')
    await admin.post('/api/admin/faqs', { question: 'Is there a piano?', answer: 'No.' })
    expect((await importJson(file, `?revision=${revision}`)).status).toBe(409)
    expect((await list()).at(-1)).toMatchObject({ answer: 'No.' })
  })

  it('takes 10,000 rows, and not one more', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ question: `Question number ${index}?`, answer: 'An answer.', phrasings: [`number ${index}`, `no. ${index}`] }))
    expect((await importJson(rows)).body).toMatchObject({ imported: true, created: 10_000 })
    expect((await importJson([...rows, { question: 'One more?', answer: 'x' }])).status).toBe(400)
  }, 90_000)
})
