import { removeExpired } from './accounts/remove-expired'
import { keepAnalytics } from './analytics/keep-analytics'
import { finishAbandonedQuestions } from './conversations/reply-to-question'
import { deliverDue, type DeliveryReport } from './outbox/deliver-feedback'
import { keepRetention } from './privacy/retention'
import { groupMisses } from './unanswered/group-misses'

/** One round of what a long-running server does all the time: for hosts without one, called by their scheduler. */
export async function catchUp(): Promise<DeliveryReport> {
  const [report] = await Promise.all([deliverDue(), finishAbandonedQuestions(null), groupMisses(), keepAnalytics(), removeExpired()])
  // After the figures, which have to be counted before anything goes.
  await keepRetention()
  return report
}
