import type { z } from 'zod'
import { AppError, notFound } from '#server/core/app-error'
import { requestId } from '#server/core/request-context'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { findGroup, reopenGroup, settleGroup, type Settlement } from '#server/db/unanswered'
import { addPhrasing, createFaq } from '#server/services/faqs/manage-faqs'
import { forgetRevisions } from '#server/services/revision-watch'
import { QUESTION_MAX } from '#shared/contracts/admin'
import { countCodePoints } from '#shared/contracts/text'
import type { resolveSchema, ResolveResult, UnansweredGroup } from '#shared/contracts/unanswered'
import { unansweredGroup } from './browse-unanswered'
import { waitingForFaq } from './would-answer'

type Resolve = z.output<typeof resolveSchema>

/**
 * Deals with a group of unanswered questions: a new FAQ, a phrasing of one that is there, or nothing. FAQ and groups
 * change together or not at all. Throws NOT_FOUND, CONFLICT (dealt with by somebody else meanwhile, with the group as it
 * is now; or a FAQ with that question exists) and VALIDATION_ERROR.
 */
export async function resolveGroup(actorId: string, id: string, wish: Resolve): Promise<ResolveResult> {
  const faq = await inTransaction(async () => {
    const group = await requireGroup(id)
    if (group.status !== 'open') throw await movedOn(id)
    const faq = wish.action === 'dismiss' ? null : wish.action === 'new_faq' ? await createFaq(actorId, wish) : await addPhrasing(actorId, wish.faq_id, wish.phrasing ?? wordingOf(group))
    const settlement: Settlement = { status: wish.action === 'dismiss' ? 'dismissed' : 'resolved', resolution: wish.action, faqId: faq?.id ?? null, by: actorId, at: new Date() }
    if (!await settle(id, wish.version ?? null, settlement)) throw await movedOn(id)
    // Another one that somebody has dealt with meanwhile is no reason to refuse.
    for (const other of wish.action === 'dismiss' ? [] : wish.also) if (other !== id) await settle(other, null, settlement)
    return faq
  })
  // The FAQ was stored inside of our transaction: only now can others read it.
  forgetRevisions()
  return { group: await requireGroupView(id), faq, now_answers: faq?.is_active ? await waitingForFaq(faq.id) : [] }
}

/** Puts a group back on the list; the FAQ that was made stays. Throws NOT_FOUND. */
export async function reopen(actorId: string, id: string): Promise<UnansweredGroup> {
  await inTransaction(async () => {
    const before = await requireGroup(id)
    if (await reopenGroup(id)) await audit(actorId, 'reopen', id, { status: before.status }, { status: 'open' })
  })
  return requireGroupView(id)
}

async function settle(id: string, version: number | null, settlement: Settlement): Promise<boolean> {
  const settled = await settleGroup(id, version, settlement)
  if (settled) await audit(settlement.by, settlement.resolution === 'dismiss' ? 'dismiss' : 'resolve', id, { status: 'open' }, { status: settlement.status, resolution: settlement.resolution, faq_id: settlement.faqId })
  return settled !== null
}

function wordingOf({ question }: { question: string }): string {
  if (countCodePoints(question) > QUESTION_MAX) throw new AppError('VALIDATION_ERROR', 'This question is too long for a phrasing: send a shorter one.', { details: [{ path: 'phrasing', message: `Keep phrasing to ${QUESTION_MAX} characters.` }] })
  return question
}

async function requireGroup(id: string) {
  const found = await findGroup(id)
  if (!found) throw notFound('group of questions')
  return found.group
}

async function requireGroupView(id: string): Promise<UnansweredGroup> {
  const found = await findGroup(id)
  if (!found) throw notFound('group of questions')
  return unansweredGroup(found)
}

const movedOn = async (id: string) => new AppError('CONFLICT', 'Somebody else has dealt with these questions meanwhile: look at what they did.', { current: await requireGroupView(id) })

const audit = (actorId: string, action: string, id: string, before: object, after: object) => insertAuditEntry({ actorId, action, entity: 'unanswered', entityId: id, before, after, requestId: requestId() })
