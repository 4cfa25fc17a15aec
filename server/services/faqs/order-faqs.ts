import { AppError } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { lockFaqs, updateOrders } from '#server/db/faqs'
import { bumpRevision } from '#server/db/revisions'
import { forgetRevisions } from '#server/services/revision-watch'

/**
 * Puts these FAQs in this order, in the places that they hold together now; the others stay where they are. So a filtered
 * or half-loaded list can be put in order too. Their versions stay: a text being edited meanwhile is not in the way.
 * Throws CONFLICT when one of them is gone. Returns every place that changed.
 */
export async function orderFaqs(actorId: string, ids: string[]): Promise<{ id: string, order: number }[]> {
  const moved = await inTransaction(async () => {
    const now = await lockFaqs()
    const wanted = new Set(ids)
    const before = now.filter(({ id }) => wanted.has(id)).map(({ id }) => id)
    if (before.length !== ids.length) throw new AppError('CONFLICT', 'One of these FAQs has been deleted meanwhile: load the list again.')
    let next = 0
    const sequence = now.map(({ id }) => (wanted.has(id) ? ids[next++]! : id))
    const orderOf = new Map(now.map(({ id, order }) => [id, order]))
    const changed = sequence.map((id, index) => ({ id, order: index + 1 })).filter(({ id, order }) => orderOf.get(id) !== order)
    if (!changed.length) return []
    await updateOrders(changed)
    await bumpRevision('faqs')
    await insertAuditEntry({ actorId, action: 'reorder', entity: 'faq', entityId: null, before: { ids: before }, after: { ids }, requestId: requestId() })
    return changed
  })
  forgetRevisions()
  return moved
}
