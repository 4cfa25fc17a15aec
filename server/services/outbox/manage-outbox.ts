import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { findDelivery, listDeliveries, readOutboxDepth, retryDelivery, type DeliveryRow } from '#server/db/deliveries'
import { runInBackground } from '#server/services/background'
import type { AdminDelivery, DeliveryStatus, OutboxSummary, Page } from '#shared/contracts/admin'
import { deliverDue } from './deliver-feedback'

export function adminDelivery(row: DeliveryRow): AdminDelivery {
  return {
    id: row.id,
    feedback_id: row.feedbackId,
    message_id: row.payload.message_id,
    conversation_id: row.payload.conversation_id,
    version: row.version,
    value: row.payload.value,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.nextAttemptAt.toISOString(),
    give_up_at: row.giveUpAt.toISOString(),
    last_error: row.lastError,
    created_at: row.createdAt.toISOString(),
    delivered_at: row.deliveredAt?.toISOString() ?? null,
  }
}

/** Newest first. Throws VALIDATION_ERROR for a cursor that is not ours. */
export async function listOutbox(page: { limit: number, cursor?: string, status?: DeliveryStatus }): Promise<Page<AdminDelivery>> {
  if (page.cursor && !/^[0-9a-f-]{36}$/.test(page.cursor)) throw new AppError('VALIDATION_ERROR', 'That cursor is not one of ours: start again without it.', { details: [{ path: 'cursor', message: 'Use next_cursor of the page before.' }] })
  const rows = await listDeliveries({ status: page.status, before: page.cursor, limit: page.limit + 1 })
  const items = rows.slice(0, page.limit)
  return { items: items.map(adminDelivery), next_cursor: rows.length > page.limit ? items.at(-1)!.id : null }
}

/** Makes a delivery due now. Throws NOT_FOUND, and CONFLICT where that would deliver it twice or out of order. */
export async function retryFromOutbox(actorId: string, id: string): Promise<AdminDelivery> {
  const retried = await inTransaction(async () => {
    const before = await findDelivery(id)
    if (!before) throw notFound('delivery')
    const after = await retryDelivery(id)
    if (!after) throw new AppError('CONFLICT', 'This rating has been delivered, is being delivered now, or a newer version of it has arrived already: there is nothing to send again.', { current: adminDelivery(before) })
    await insertAuditEntry({ actorId, action: 'retry', entity: 'feedback_delivery', entityId: id, before: adminDelivery(before), after: adminDelivery(after), requestId: requestId() })
    return after
  })
  runInBackground('delivering feedback', deliverDue)
  return adminDelivery(retried)
}

export async function readOutboxSummary(): Promise<OutboxSummary> {
  const { pending, givenUp, oldestPendingAt, lastError } = await readOutboxDepth()
  return { pending, given_up: givenUp, oldest_pending_at: oldestPendingAt?.toISOString() ?? null, last_error: lastError }
}
