import { AppError } from '#server/core/app-error'
import { breather } from '#server/core/breather'
import { createFaqSchema } from '#shared/contracts/admin'
import { IMPORT_MAX_ROWS, type FaqFileRow, type ImportError } from '#shared/contracts/admin-faqs'
import { CsvError, parseCsv, readCell } from './csv'

export const FILE_COLUMNS = ['question', 'answer', 'phrasings', 'order', 'is_active'] as const
type Column = typeof FILE_COLUMNS[number]

/** A row of a file that may leave out what the FAQ has already. */
export interface ParsedRow extends Pick<FaqFileRow, 'question' | 'answer'>, Partial<Omit<FaqFileRow, 'question' | 'answer'>> { row: number }
export interface ParsedFile { rows: ParsedRow[], errors: ImportError[], count: number, ignoredColumns: string[] }

/** Several phrasings share a cell, one a line; a line break inside of one is written \n and a backslash \\. */
export const joinPhrasings = (phrasings: readonly string[]): string => phrasings.map(text => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n')
const splitPhrasings = (cell: string): string[] => cell.split(/\r\n?|\n/).map(line => line.trim()).filter(Boolean).map(line => line.replace(/\\(\\|n)/g, (_, mark: string) => (mark === 'n' ? '\n' : '\\')))

/** Reads a file of FAQs. Throws VALIDATION_ERROR for one that cannot be read at all; what is wrong in a row is an entry of `errors`. */
export async function parseFaqFile(text: string, format: 'csv' | 'json'): Promise<ParsedFile> {
  const breathe = breather()
  const { records, first, ignoredColumns } = format === 'csv' ? csvRecords(text) : jsonRecords(text)
  await breathe()
  if (!records.length) throw unreadable('There is no FAQ in this file.')
  if (records.length > IMPORT_MAX_ROWS) throw unreadable(`This file has ${records.length.toLocaleString('en')} FAQs: import at most ${IMPORT_MAX_ROWS.toLocaleString('en')} at a time.`)
  const rows: ParsedRow[] = []
  const errors: ImportError[] = []
  for (const [index, record] of records.entries()) {
    await breathe()
    const row = index + first
    const found = checkRecord(record)
    if ('errors' in found) errors.push(...found.errors.map(error => ({ row, ...error })))
    else rows.push({ ...found.value, row })
  }
  return { rows, errors, count: records.length, ignoredColumns }
}

const unreadable = (message: string, cause?: unknown) => new AppError('VALIDATION_ERROR', message, { details: [{ path: 'file', message }], cause })

function csvRecords(text: string) {
  let table: string[][]
  try {
    table = parseCsv(text)
  }
  catch (error) {
    if (error instanceof CsvError) throw unreadable(`Row ${error.record} ${error.message}`)
    throw error
  }
  const header = table.shift()?.map(name => name.trim().toLowerCase().replaceAll(' ', '_')) ?? []
  for (const name of ['question', 'answer']) {
    if (!header.includes(name)) throw unreadable(`The first row has to name the columns, and “${name}” is not among them.`)
  }
  const records = table.map((cells) => {
    const cell = (column: Column) => (header.includes(column) ? readCell(cells[header.indexOf(column)] ?? '') : '')
    return {
      question: cell('question'),
      answer: cell('answer'),
      ...(header.includes('phrasings') ? { phrasings: splitPhrasings(cell('phrasings')) } : {}),
      ...(cell('order').trim() ? { order: Number(cell('order')) } : {}),
      ...(cell('is_active').trim() ? { is_active: flagOf(cell('is_active')) } : {}),
    }
  })
  return { records: records as unknown[], first: 2, ignoredColumns: header.filter(name => name && !FILE_COLUMNS.includes(name as Column)) }
}

/** What is none of them stays text, and the schema refuses it. */
function flagOf(cell: string): boolean | string {
  const word = cell.trim().toLowerCase()
  return ['true', 'yes', '1'].includes(word) ? true : ['false', 'no', '0'].includes(word) ? false : cell
}

function jsonRecords(text: string) {
  let data: unknown
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''))
  }
  catch (cause) {
    throw unreadable('This file is not valid JSON: check the quotes, commas and brackets.', (cause as Error).name)
  }
  if (!Array.isArray(data)) throw unreadable('The JSON has to be a list of FAQs: [ { "question": …, "answer": … } ].')
  const ignored = new Set<string>()
  for (const item of data) {
    if (typeof item === 'object' && item) for (const name of Object.keys(item)) if (!FILE_COLUMNS.includes(name as Column)) ignored.add(name)
  }
  return { records: data as unknown[], first: 1, ignoredColumns: [...ignored].slice(0, 50) }
}

const rowSchema = createFaqSchema.extend({ phrasings: createFaqSchema.shape.phrasings.unwrap().optional(), is_active: createFaqSchema.shape.is_active.unwrap().optional() })

function checkRecord(record: unknown): { value: Omit<ParsedRow, 'row'> } | { errors: Omit<ImportError, 'row'>[] } {
  const result = rowSchema.safeParse(record)
  if (result.success) return { value: result.data }
  return { errors: result.error.issues.slice(0, 10).map(issue => ({ column: String(issue.path[0] ?? 'row'), message: issue.message })) }
}
