import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { requestId } from '#server/core/request-context'
import { claimDeliveries, markDelivered, putOff, releaseDeliveries, type ClaimedDelivery } from '#server/db/deliveries'
import { maskRating } from '#server/services/answering/rag/ask-masked'
import { startDeadline } from '#server/services/answering/rag/http/deadline'
import { postJson } from '#server/services/answering/rag/http/exchange'
import { RagFailure } from '#server/services/answering/rag/http/rag-failure'
import type { RagRating, RagSettings } from '#server/services/answering/rag/rag-client'
import { ragHeaders } from '#server/services/answering/rag/rag-settings'
import { getChatConfig } from '#server/services/config/chat-config'
import { countDelivery } from '#server/services/metrics'
import { ratingCall, ratingSettings } from './destination'
import { pauseAfter } from './pause-after'

const TIME_LIMIT_MS = 10_000
/** Well past the time limit, so that nobody delivers what is being delivered; a killed server's rows are free again after it. */
const LEASE_MS = 30_000
const AT_ONCE = 8

/** This process, in the claims on deliveries. */
const instanceId = v7()

export interface DeliveryReport { delivered: number, failed: number }

let running: Promise<DeliveryReport> | undefined
let wantedAgain = false
let stop = new AbortController()

/** Delivers every rating that is due. One run at a time: a call during a run makes that run look once more. */
export function deliverDue(): Promise<DeliveryReport> {
  wantedAgain = true
  running ??= run().finally(() => running = undefined)
  return running
}

async function run(): Promise<DeliveryReport> {
  const report = { delivered: 0, failed: 0 }
  while (wantedAgain && !stop.signal.aborted) {
    wantedAgain = false
    const config = await getChatConfig()
    const settings = ratingSettings(config)
    if (!settings) break
    const way = { settings, masked: config.maskPersonalData }
    for (;;) {
      const claimed = await claimDeliveries({ by: instanceId, leaseMs: LEASE_MS, limit: AT_ONCE })
      const results = await Promise.all(claimed.map(delivery => deliver(delivery, way)))
      const delivered = results.filter(Boolean).length
      report.delivered += delivered
      report.failed += results.length - delivered
      // A whole batch in vain: the service is down, and the rest may wait for the next run.
      if (!claimed.length || !delivered) break
    }
  }
  return report
}

/** Where ratings go now, and whether personal data in their comments is masked. */
interface Way { settings: RagSettings, masked: boolean }

async function deliver(delivery: ClaimedDelivery, way: Way): Promise<boolean> {
  const started = performance.now()
  const line = { delivery_id: delivery.id, version: delivery.version, rag_format: way.settings.format, attempt: delivery.attempts }
  const failure = await send(delivery, way)
  if (stop.signal.aborted && failure) return false
  const duration_ms = Math.round(performance.now() - started)
  if (!failure) {
    await markDelivered(delivery.id, instanceId)
    countDelivery('delivered')
    log.info({ ...line, duration_ms }, 'A rating was delivered to the RAG API')
    return true
  }
  const pauseMs = pauseAfter(delivery.attempts)
  const givenUp = await putOff(delivery.id, instanceId, { error: failure.reason, pauseMs, giveUp: failure.hopeless })
  countDelivery(givenUp ? 'given_up' : 'failed')
  log.warn({ ...line, duration_ms, status: failure.status, reason: failure.reason, ...(givenUp ? { given_up: true } : { pause_ms: pauseMs }) }, 'A rating could not be delivered to the RAG API')
  return false
}

interface Failure { reason: string, status: number | null, hopeless?: boolean }

/** null: delivered. */
async function send(delivery: ClaimedDelivery, { settings, masked }: Way): Promise<Failure | null> {
  const rating = toRating(delivery, settings)
  const call = ratingCall(masked ? maskRating(rating) : rating, settings)
  if (!call) return { reason: `the format ${settings.format} has no place for this rating`, status: null, hopeless: true }
  const deadline = startDeadline(TIME_LIMIT_MS, stop.signal)
  try {
    const headers = { ...ragHeaders(settings.key, requestId()), 'idempotency-key': `${delivery.feedbackId}:${delivery.version}` }
    const { status } = await postJson(call, { headers, deadline })
    return status >= 200 && status < 300 ? null : { reason: `status ${status}`, status }
  }
  catch (error) {
    if (error instanceof RagFailure) return { reason: error.reason, status: null }
    if (stop.signal.aborted) return { reason: 'the server was stopped', status: null }
    throw error
  }
  finally {
    deadline.clear()
  }
}

function toRating({ feedbackId, version, payload, ...delivery }: ClaimedDelivery, { format }: RagSettings): RagRating {
  return {
    feedbackId,
    version,
    messageId: payload.message_id,
    conversationId: payload.conversation_id,
    customerId: payload.customer_id,
    value: payload.value,
    comment: payload.comment,
    timestamp: payload.timestamp,
    remote: delivery.remoteFormat === format ? { conversationId: delivery.remoteConversationId, messageId: delivery.remoteMessageId } : null,
  }
}

/** For a server that stops: cuts off what is under way and lets go of it. What had arrived already arrives again, under the same key. */
export async function stopDelivering(): Promise<void> {
  if (!running) return
  stop.abort()
  await running.catch(() => {})
  stop = new AbortController()
  await releaseDeliveries(instanceId)
}
