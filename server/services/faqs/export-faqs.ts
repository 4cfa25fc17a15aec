import { listFaqPage, type FaqWithPhrasings } from '#server/db/faqs'
import type { FaqFileRow } from '#shared/contracts/admin-faqs'
import { writeRecord } from './csv'
import { FILE_COLUMNS, joinPhrasings } from './faq-file'

const CHUNK = 500
const fileRow = (faq: FaqWithPhrasings): FaqFileRow => ({ question: faq.question, answer: faq.answer, phrasings: faq.phrasings, order: faq.order, is_active: faq.isActive })

/** All FAQs in the customers' order, a piece of the file at a time. */
export async function* exportFaqs(format: 'csv' | 'json'): AsyncGenerator<string> {
  // The mark makes Excel read the file as UTF-8.
  yield format === 'csv' ? `\uFEFF${writeRecord(FILE_COLUMNS)}` : '['
  let after: FaqWithPhrasings | null = null
  for (;;) {
    const page: FaqWithPhrasings[] = await listFaqPage({ after, limit: CHUNK })
    const isFirst = after === null
    if (page.length) yield format === 'csv' ? csvOf(page) : jsonOf(page, isFirst)
    after = page.at(-1) ?? null
    if (page.length < CHUNK) break
  }
  if (format === 'json') yield '\n]\n'
}

const csvOf = (page: FaqWithPhrasings[]) => page.map(fileRow).map(row => writeRecord([row.question, row.answer, joinPhrasings(row.phrasings), String(row.order), String(row.is_active)])).join('')
const jsonOf = (page: FaqWithPhrasings[], isFirst: boolean) => (isFirst ? '\n  ' : ',\n  ') + page.map(faq => JSON.stringify(fileRow(faq))).join(',\n  ')
