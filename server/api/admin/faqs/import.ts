import { importFaqs } from '#server/services/faqs/import-faqs'
import { AppError } from '#server/core/app-error'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { readUpload } from '#server/utils/read-upload'
import { importReportAnswer } from '#shared/contracts/answers/faqs'
import { faqFileSchema, IMPORT_MAX_BYTES, importFaqsQuery } from '#shared/contracts/admin-faqs'

export default defineApiRoute({
  POST: apiMethod({
    access: 'admin',
    summary: 'Imports FAQs from a file, all rows or none',
    answers: { 200: importReportAnswer },
    errors: ['CONFLICT'],
    query: importFaqsQuery,
    uploads: ['text/csv', 'application/json'],
    readBody: event => readUpload(event, IMPORT_MAX_BYTES),
    body: faqFileSchema,
    handle: async ({ user, query, body }) => {
      const dryRun = query.dry_run === 'true'
      const report = await importFaqs({ actorId: user.id, ...body, dryRun, revision: query.revision })
      // A dry run is asked to find mistakes; an import that finds one has failed.
      if (!dryRun && report.error_count) {
        throw new AppError('VALIDATION_ERROR', `Nothing was imported: ${report.error_count === 1 ? 'a mistake' : `${report.error_count} mistakes`} to mend first.`, {
          details: report.errors.map(({ row, column, message }) => ({ path: `rows.${row}.${column}`, message: `Row ${row}, ${column}: ${message}` })),
        })
      }
      return report
    },
  }),
})
