import { breather } from '#server/core/breather'
import type { ImportReport, ImportWarnings } from '#shared/contracts/admin-faqs'
import { findSimilarFaqs } from './similar-faqs'

const SHOWN = 200
/** Of one preview, in milliseconds: ten thousand questions that leave a doubt would keep the encoder busy for minutes. */
const TIME_MS = 10_000

/**
 * The preview with those new questions that another active FAQ answers already: said, never refused. `created` are all
 * new rows of the file; those beyond `timeMs` stay unchecked, and `similar.checked` says how many were looked at.
 */
export async function withWarnings(report: ImportReport, created: { row: number, question: string }[], timeMs = TIME_MS): Promise<ImportReport> {
  const breathe = breather()
  const until = performance.now() + timeMs
  const lines = new Map(report.preview.map(line => [line.row, line]))
  const similar: ImportWarnings = { checked: 0, found: 0, rows: [] }
  for (const { row, question } of created) {
    await breathe()
    if (performance.now() > until) break
    const { items: [faq] } = await findSimilarFaqs({ id: null, question, phrasings: [] })
    similar.checked++
    if (!faq) continue
    similar.found++
    const near = { faq_id: faq.faq_id, question: faq.question }
    if (similar.rows.length < SHOWN) similar.rows.push({ row, question, similar: near })
    const line = lines.get(row)
    if (line) line.similar = near
  }
  return { ...report, similar }
}
