import { and, desc, eq, lt, ne, sql } from 'drizzle-orm'
import { feedbackDeliveries, type FeedbackPayload } from '#drizzle/schema'
import type { RagApiFormat } from '#shared/contracts/admin'
import { db, rowsOf } from './client'

export type DeliveryRow = typeof feedbackDeliveries.$inferSelect
export type { FeedbackPayload }

/** Queues one version of a rating for the RAG API; call it in the transaction that stores the rating. */
export async function queueDelivery(delivery: { feedbackId: string, version: number, payload: FeedbackPayload }): Promise<void> {
  await db().insert(feedbackDeliveries).values(delivery).onConflictDoNothing()
}

export interface ClaimedDelivery {
  id: string
  feedbackId: string
  version: number
  payload: FeedbackPayload
  /** This one included. */
  attempts: number
  remoteFormat: RagApiFormat | null
  remoteConversationId: string | null
  remoteMessageId: string | null
}

/**
 * Takes what is due and nobody else is delivering, oldest first, for `leaseMs`. A version waits until the versions
 * before it have arrived or were given up, so that a changed rating never overtakes the first. SKIP LOCKED: servers that
 * look at the same moment take different rows instead of waiting for each other.
 */
export async function claimDeliveries(claim: { by: string, leaseMs: number, limit: number }): Promise<ClaimedDelivery[]> {
  return rowsOf<ClaimedDelivery>(sql`
    with due as (
      select d.id from feedback_deliveries d
      where d.status = 'pending' and d.next_attempt_at <= now() and (d.claimed_until is null or d.claimed_until < now())
        and not exists (select 1 from feedback_deliveries e where e.feedback_id = d.feedback_id and e.version < d.version and e.status = 'pending')
      order by d.next_attempt_at limit ${claim.limit}::int for update skip locked
    ), claimed as (
      update feedback_deliveries d set claimed_by = ${claim.by}::uuid, claimed_until = now() + ${claim.leaseMs}::int * interval '1 millisecond', attempts = d.attempts + 1
      from due where d.id = due.id returning d.id, d.feedback_id, d.version, d.payload, d.attempts
    )
    select c.id, c.feedback_id as "feedbackId", c.version, c.payload, c.attempts,
      m.remote_format as "remoteFormat", m.remote_conversation_id as "remoteConversationId", m.remote_message_id as "remoteMessageId"
    from claimed c join feedback f on f.id = c.feedback_id join messages m on m.id = f.message_id`)
}

export async function markDelivered(id: string, by: string): Promise<void> {
  await db().update(feedbackDeliveries).set({ status: 'delivered', deliveredAt: sql`now()`, lastError: null, claimedUntil: null, claimedBy: null })
    .where(and(eq(feedbackDeliveries.id, id), eq(feedbackDeliveries.claimedBy, by)))
}

/** Puts a failed delivery off by `pauseMs`, or gives it up when that is past its time (or at once). Says whether it was given up. */
export async function putOff(id: string, by: string, failure: { error: string, pauseMs: number, giveUp?: boolean }): Promise<boolean> {
  const next = sql`now() + ${Math.round(failure.pauseMs)}::int * interval '1 millisecond'`
  const [row] = await db().update(feedbackDeliveries).set({
    status: failure.giveUp ? 'given_up' : sql`case when ${next} > ${feedbackDeliveries.giveUpAt} then 'given_up' else 'pending' end`,
    nextAttemptAt: next,
    lastError: failure.error,
    claimedUntil: null,
    claimedBy: null,
  }).where(and(eq(feedbackDeliveries.id, id), eq(feedbackDeliveries.claimedBy, by))).returning({ status: feedbackDeliveries.status })
  return row?.status === 'given_up'
}

/** Lets go of deliveries under way: those of one server, or (null) all; the latter only where no other server can be alive. */
export async function releaseDeliveries(by: string | null): Promise<void> {
  await db().update(feedbackDeliveries).set({ claimedUntil: null, claimedBy: null })
    .where(and(eq(feedbackDeliveries.status, 'pending'), by ? eq(feedbackDeliveries.claimedBy, by) : undefined))
}

/** Newest first, those older than `before`. */
export async function listDeliveries(page: { status?: DeliveryRow['status'], before?: string, limit: number }): Promise<DeliveryRow[]> {
  return db().select().from(feedbackDeliveries)
    .where(and(page.status ? eq(feedbackDeliveries.status, page.status) : undefined, page.before ? lt(feedbackDeliveries.id, page.before) : undefined))
    .orderBy(desc(feedbackDeliveries.id)).limit(page.limit)
}

export async function findDelivery(id: string): Promise<DeliveryRow | null> {
  return (await db().select().from(feedbackDeliveries).where(eq(feedbackDeliveries.id, id)))[0] ?? null
}

/** Makes a delivery due now, with a week more; null when it is under way, delivered, or a later version has arrived already. */
export async function retryDelivery(id: string): Promise<DeliveryRow | null> {
  const [row] = await db().update(feedbackDeliveries)
    .set({ status: 'pending', nextAttemptAt: sql`now()`, giveUpAt: sql`now() + interval '7 days'` })
    .where(and(
      eq(feedbackDeliveries.id, id),
      ne(feedbackDeliveries.status, 'delivered'),
      sql`(${feedbackDeliveries.claimedUntil} is null or ${feedbackDeliveries.claimedUntil} < now())`,
      sql`not exists (select 1 from feedback_deliveries later where later.feedback_id = ${feedbackDeliveries.feedbackId} and later.version > ${feedbackDeliveries.version} and later.status = 'delivered')`,
    )).returning()
  return row ?? null
}

export interface OutboxDepth { pending: number, givenUp: number, oldestPendingAt: Date | null, lastError: string | null }

export async function readOutboxDepth(): Promise<OutboxDepth> {
  const [row] = await rowsOf<{ pending: number, givenUp: number, oldestPendingAt: string | Date | null, lastError: string | null }>(sql`
    select (select count(*)::int from feedback_deliveries where status = 'pending') as "pending",
      (select count(*)::int from feedback_deliveries where status = 'given_up') as "givenUp",
      (select min(created_at) from feedback_deliveries where status = 'pending') as "oldestPendingAt",
      (select last_error from feedback_deliveries where status in ('pending', 'given_up') and last_error is not null order by next_attempt_at desc limit 1) as "lastError"`)
  return { ...row!, oldestPendingAt: row!.oldestPendingAt ? new Date(row!.oldestPendingAt) : null }
}
