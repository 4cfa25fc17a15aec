/** A CSV text as records of cells (RFC 4180: quotes, doubled quotes, line breaks in quotes). Throws `CsvError`. */
export class CsvError extends Error {
  constructor(readonly record: number, message: string) {
    super(message)
    this.name = 'CsvError'
  }
}

/** Excel writes a semicolon where the comma is the decimal mark, as in Greek; the first line tells. */
export function findDelimiter(text: string): ',' | ';' | '\t' {
  const line = text.slice(0, 2000).split(/\r?\n/, 1)[0]!.replace(/"[^"]*"/g, '')
  const count = (mark: string) => line.split(mark).length
  return ([',', ';', '\t'] as const).reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

export function parseCsv(source: string): string[][] {
  const text = source.replace(/^\uFEFF/, '')
  const delimiter = findDelimiter(text)
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  const endRecord = () => {
    // An empty line is no record; a record of one empty cell cannot be told from it.
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  while (at <= text.length) {
    const cell = text[at] === '"' ? readQuoted(text, at, records.length + 1) : readPlain(text, at, delimiter)
    record.push(cell.value)
    at = cell.end
    if (at >= text.length) break
    if (text[at] === delimiter) {
      at++
      continue
    }
    if (text[at] !== '\r' && text[at] !== '\n') throw new CsvError(records.length + 1, 'has words after a closing quote: double the quotes inside of a cell.')
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    endRecord()
    if (at >= text.length) return records
  }
  endRecord()
  return records
}

function readPlain(text: string, from: number, delimiter: string): { value: string, end: number } {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
  return { value: text.slice(from, end), end }
}

function readQuoted(text: string, from: number, record: number): { value: string, end: number } {
  let value = ''
  let start = from + 1
  for (;;) {
    const quote = text.indexOf('"', start)
    if (quote < 0) throw new CsvError(record, 'opens a quote that never closes.')
    value += text.slice(start, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    start = quote + 2
  }
}

/** Spreadsheets run a cell that begins like this as a formula (full-width signs in some languages); an apostrophe in front makes it text again. */
const formula = /^'*\s*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** One cell as text, safe to open in a spreadsheet; `readCell` takes the apostrophe off again. */
export function writeCell(value: string): string {
  const safe = formula.test(value) ? `'${value}` : value
  return /[",;\t\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const readCell = (cell: string): string => (cell.startsWith('\'') && formula.test(cell) ? cell.slice(1) : cell)

export const writeRecord = (cells: readonly string[]): string => `${cells.map(writeCell).join(',')}\r\n`
