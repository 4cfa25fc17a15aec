import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import AdminImportRows from '~/components/admin/faqs/AdminImportRows.vue'
import type { ImportReport } from '#shared/contracts/admin-faqs'

const near = { faq_id: '0198a000-0000-7000-8000-000000000001', question: 'What happens if it rains?' }
const line = (row: number, more = {}) => ({ row, action: 'create' as const, question: `Question ${row}?`, changes: [], ...more })
const report = (more: Partial<ImportReport> = {}): ImportReport => ({
  dry_run: true, imported: false, rows: 3, created: 3, updated: 0, unchanged: 0, errors: [], error_count: 0, preview: [line(1), line(2)], ignored_columns: [], revision: 41, ...more,
})
const show = (more: Partial<ImportReport>, done = false) => mount(AdminImportRows, { props: { report: report(more), done } })
const rowsOf = (wrapper: ReturnType<typeof show>) => wrapper.findAll('tbody tr').map(row => row.text())

it('shows a new question that is answered already even beyond the first rows', () => {
  const wrapper = show({ similar: { checked: 3, found: 1, rows: [{ row: 3, question: 'Question 3?', similar: near }] } })
  expect(wrapper.get('.warning').text()).toBe('1 new question is answered by another FAQ already.')
  expect(rowsOf(wrapper)).toHaveLength(3)
  expect(rowsOf(wrapper)[2]).toMatch(/^3Question 3\?Answered already by What happens if it rains\?New$/)
  expect(wrapper.find('.more').exists()).toBe(false)
})

it('shows a marked one of the first rows once, and how many more there are', () => {
  const wrapper = show({ created: 1_500, preview: [line(1, { similar: near }), line(2)], similar: { checked: 1_500, found: 2, rows: [{ row: 1, question: 'Question 1?', similar: near }, { row: 900, question: 'Question 900?', similar: near }] } })
  expect(wrapper.get('.warning').text()).toBe('2 new questions are answered by other FAQs already.')
  expect(rowsOf(wrapper).map(text => /^\d+/.exec(text)![0])).toEqual(['1', '2', '900'])
  expect(wrapper.get('.more').text()).toBe('and 1,497 more')
})

it('says how many were compared where time ran out', () => {
  expect(show({ created: 9_000, similar: { checked: 4_100, found: 0, rows: [] } }).get('.warning').text())
    .toBe('Only the first 4,100 of 9,000 new questions were compared with the FAQs there are. None of them is answered by another FAQ already.')
})

it.each([
  ['nothing was found', { similar: { checked: 3, found: 0, rows: [] } }, false],
  ['there are mistakes to mend first', { similar: { checked: 2, found: 1, rows: [] }, errors: [{ row: 3, column: 'answer', message: 'Write an answer.' }], error_count: 1 }, false],
  ['it is done', { similar: { checked: 2, found: 1, rows: [] } }, true],
  ['an import does not say', {}, false],
])('says nothing where %s', (_, more, done) => {
  expect(show(more, done).find('.warning').exists()).toBe(false)
})
