import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { isUniqueViolation } from '#server/db/errors'
import { countFaqs, deleteFaq, findFaq, insertFaq, listFaqPage, replacePhrasings, updateFaq, type FaqPosition, type FaqWithPhrasings } from '#server/db/faqs'
import { bumpRevision } from '#server/db/revisions'
import { exactKey } from '#server/services/answering/faq-matcher/text/normalise'
import { forgetRevisions } from '#server/services/revision-watch'
import { PHRASINGS_MAX, type AdminFaq, type CreateFaq, type FaqPage, type UpdateFaq } from '#shared/contracts/admin'

export function adminFaq(faq: FaqWithPhrasings): AdminFaq {
  return {
    id: faq.id,
    question: faq.question,
    answer: faq.answer,
    phrasings: faq.phrasings,
    order: faq.order,
    is_active: faq.isActive,
    version: faq.version,
    created_at: faq.createdAt.toISOString(),
    updated_at: faq.updatedAt.toISOString(),
  }
}

/** One page in the customers' order. Throws VALIDATION_ERROR for a cursor that is not ours. */
export async function listFaqs(page: { limit: number, cursor?: string, q?: string, active?: boolean }): Promise<FaqPage> {
  const filter = { q: page.q, active: page.active }
  const rows = await listFaqPage({ after: page.cursor ? readCursor(page.cursor) : null, limit: page.limit + 1, ...filter })
  const items = rows.slice(0, page.limit)
  return { items: items.map(adminFaq), next_cursor: rows.length > page.limit ? writeCursor(items.at(-1)!) : null, total: await countFaqs(filter) }
}

/** Throws NOT_FOUND. */
export async function readFaq(id: string): Promise<AdminFaq> {
  return adminFaq(await requireFaq(id))
}

/** Throws CONFLICT when another FAQ asks the same. */
export async function createFaq(actorId: string, faq: CreateFaq): Promise<AdminFaq> {
  return change(faq.question, async () => {
    const row = await insertFaq({ question: faq.question, questionKey: questionKey(faq.question), answer: faq.answer, order: faq.order, isActive: faq.is_active ?? true })
    await replacePhrasings(row.id, distinct(faq.phrasings ?? []))
    return { actorId, action: 'create', id: row.id, before: null }
  })
}

/** Saves the given fields over the version seen. Throws NOT_FOUND, or CONFLICT with the current state. */
export async function editFaq(actorId: string, id: string, faq: UpdateFaq): Promise<AdminFaq> {
  return change(faq.question ?? '', async () => {
    const before = await requireFaq(id)
    const fields = { question: faq.question, questionKey: faq.question === undefined ? undefined : questionKey(faq.question), answer: faq.answer, order: faq.order, isActive: faq.is_active }
    if (!await updateFaq(id, fields, faq.version)) {
      throw new AppError('CONFLICT', 'Somebody else has changed this FAQ meanwhile: look at theirs and save again.', { current: adminFaq(await requireFaq(id)) })
    }
    if (faq.phrasings) await replacePhrasings(id, distinct(faq.phrasings))
    return { actorId, action: 'update', id, before: adminFaq(before) }
  })
}

/**
 * Adds one way to ask a FAQ to those that are there; a phrasing it has already changes nothing. Others may edit the FAQ
 * meanwhile: nothing of theirs is overwritten. Throws NOT_FOUND and VALIDATION_ERROR (it has as many as it takes).
 */
export async function addPhrasing(actorId: string, id: string, phrasing: string): Promise<AdminFaq> {
  for (let attempt = 1; ; attempt++) {
    const faq = await readFaq(id)
    const key = questionKey(phrasing)
    if ([faq.question, ...faq.phrasings].some(text => questionKey(text) === key)) return faq
    if (faq.phrasings.length >= PHRASINGS_MAX) throw new AppError('VALIDATION_ERROR', `This FAQ has ${PHRASINGS_MAX} phrasings already, the most it takes: remove one first.`, { details: [{ path: 'faq_id', message: `Keep to ${PHRASINGS_MAX} phrasings.` }] })
    try {
      return await editFaq(actorId, id, { phrasings: [...faq.phrasings, phrasing], version: faq.version })
    }
    catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONFLICT' || attempt === 3) throw error
    }
  }
}

/** Throws NOT_FOUND. */
export async function removeFaq(actorId: string, id: string): Promise<void> {
  await inTransaction(async () => {
    const before = adminFaq(await requireFaq(id))
    await deleteFaq(id)
    await bumpRevision('faqs')
    await insertAuditEntry({ actorId, action: 'delete', entity: 'faq', entityId: id, before, after: null, requestId: requestId() })
  })
  forgetRevisions()
}

/** Makes a change with its revision and audit entry in one transaction. */
async function change(question: string, make: () => Promise<{ actorId: string, action: string, id: string, before: AdminFaq | null }>): Promise<AdminFaq> {
  try {
    const after = await inTransaction(async () => {
      const { actorId, action, id, before } = await make()
      const faq = adminFaq(await requireFaq(id))
      await bumpRevision('faqs')
      await insertAuditEntry({ actorId, action, entity: 'faq', entityId: id, before, after: faq, requestId: requestId() })
      return faq
    })
    forgetRevisions()
    return after
  }
  catch (cause) {
    if (isUniqueViolation(cause, 'faqs_question_key_unique')) {
      throw new AppError('CONFLICT', `There is a FAQ with the question “${question}” already: edit that one, or add this as a phrasing of it.`, { cause })
    }
    throw cause
  }
}

async function requireFaq(id: string): Promise<FaqWithPhrasings> {
  const faq = await findFaq(id)
  if (!faq) throw notFound('FAQ')
  return faq
}

/** What makes two questions the same; a question of symbols alone is itself. */
export const questionKey = (question: string): string => exactKey(question) || question

export const distinct = (texts: string[]): string[] => [...new Map(texts.map(text => [questionKey(text), text])).values()]

const writeCursor = (at: FaqPosition) => Buffer.from(JSON.stringify([at.order, at.id])).toString('base64url')

function readCursor(cursor: string): FaqPosition {
  try {
    const [order, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string]
    if (Number.isInteger(order) && /^[0-9a-f-]{36}$/.test(id)) return { order, id }
  }
  catch { /* Not ours; said below. */ }
  throw new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the page before.' }] })
}
