import { AppError } from '#server/core/app-error'
import { breather } from '#server/core/breather'
import { requestId } from '#server/core/request-context'
import { insertAuditEntries } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { insertFaqs, listAllFaqs, lockFaqs, overwriteFaqs, type FaqWithPhrasings } from '#server/db/faqs'
import { bumpRevision, readRevisions } from '#server/db/revisions'
import { forgetRevisions } from '#server/services/revision-watch'
import type { ImportError, ImportPreviewRow, ImportReport } from '#shared/contracts/admin-faqs'
import { parseFaqFile, type ParsedFile, type ParsedRow } from './faq-file'
import { withWarnings } from './import-warnings'
import { adminFaq, distinct, questionKey } from './manage-faqs'

const SHOWN = 200

export interface FaqImport {
  actorId: string
  text: string
  format: 'csv' | 'json'
  dryRun: boolean
  /** Of the preview; undefined imports over whatever is there now. */
  revision?: number
}

interface Plan { create: ParsedRow[], update: { before: FaqWithPhrasings, row: ParsedRow }[], preview: ImportPreviewRow[], unchanged: number }

/**
 * Takes a file of FAQs in, all of it or nothing. A row whose question is there already changes that FAQ, any other makes
 * one; FAQs that the file does not name stay. Throws VALIDATION_ERROR (unreadable) and CONFLICT (changed since the preview).
 */
export async function importFaqs({ actorId, text, format, dryRun, revision }: FaqImport): Promise<ImportReport> {
  const file = await parseFaqFile(text, format)
  const errors = [...file.errors, ...repeatedQuestions(file)].sort((a, b) => a.row - b.row)
  const { report, created } = await inTransaction(async () => {
    if (!dryRun) await lockFaqs()
    const now = (await readRevisions()).faqs
    if (revision !== undefined && revision !== now) throw new AppError('CONFLICT', 'The FAQs have changed since the preview: check the file again.')
    const plan = await planImport(file.rows, await listAllFaqs())
    const stores = !dryRun && !errors.length
    if (stores && (plan.create.length || plan.update.length)) await carryOut(actorId, plan)
    return { report: reportOf(file, plan, errors, { dryRun, imported: stores, revision: now }), created: plan.create }
  })
  forgetRevisions()
  return dryRun ? withWarnings(report, created) : report
}

function repeatedQuestions({ rows }: ParsedFile): ImportError[] {
  const first = new Map<string, number>()
  return rows.flatMap(({ row, question }) => {
    const key = questionKey(question)
    const before = first.get(key)
    if (before !== undefined) return [{ row, column: 'question', message: `Row ${before} asks the same: keep one of the two.` }]
    first.set(key, row)
    return []
  })
}

async function planImport(rows: ParsedRow[], existing: FaqWithPhrasings[]): Promise<Plan> {
  const byKey = new Map(existing.map(faq => [faq.questionKey, faq]))
  const breathe = breather()
  const plan: Plan = { create: [], update: [], preview: [], unchanged: 0 }
  for (const row of rows) {
    await breathe()
    const before = byKey.get(questionKey(row.question))
    const changes = before ? changesOf(before, row) : []
    if (before && !changes.length) {
      plan.unchanged++
      continue
    }
    if (before) plan.update.push({ before, row })
    else plan.create.push(row)
    if (plan.preview.length < SHOWN) plan.preview.push({ row: row.row, action: before ? 'update' : 'create', question: row.question, changes })
  }
  return plan
}

function changesOf(before: FaqWithPhrasings, row: ParsedRow): string[] {
  return [
    row.question !== before.question && 'question',
    row.answer !== before.answer && 'answer',
    row.phrasings && JSON.stringify(distinct(row.phrasings)) !== JSON.stringify(before.phrasings) && 'phrasings',
    row.order !== undefined && row.order !== before.order && 'order',
    row.is_active !== undefined && row.is_active !== before.isActive && 'is_active',
  ].filter(change => typeof change === 'string')
}

async function carryOut(actorId: string, plan: Plan): Promise<void> {
  const fields = (row: ParsedRow) => ({ question: row.question, questionKey: questionKey(row.question), answer: row.answer, order: row.order, isActive: row.is_active, phrasings: row.phrasings && distinct(row.phrasings) })
  const made = await insertFaqs(plan.create.map(fields))
  const changed = await overwriteFaqs(plan.update.map(({ before, row }) => ({ before, fields: fields(row) })))
  await bumpRevision('faqs')
  const entry = (action: string, before: FaqWithPhrasings | null, after: FaqWithPhrasings) =>
    ({ actorId, action, entity: 'faq', entityId: after.id, before: before && adminFaq(before), after: adminFaq(after), requestId: requestId() })
  await insertAuditEntries([
    ...made.map(faq => entry('import', null, faq)),
    ...changed.map((faq, index) => entry('import', plan.update[index]!.before, faq)),
  ])
}

function reportOf(file: ParsedFile, plan: Plan, errors: ImportError[], { dryRun, imported, revision }: { dryRun: boolean, imported: boolean, revision: number }): ImportReport {
  return {
    dry_run: dryRun,
    imported,
    rows: file.count,
    created: plan.create.length,
    updated: plan.update.length,
    unchanged: plan.unchanged,
    errors: errors.slice(0, SHOWN),
    error_count: errors.length,
    preview: plan.preview,
    ignored_columns: file.ignoredColumns,
    revision,
  }
}
