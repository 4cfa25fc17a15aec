import { v7 } from 'uuid'
import { log } from '#server/core/log'
import { inTransaction } from '#server/db/client'
import { addWording, hasDueMiss, insertGroup, listDueMisses, listGroupTexts, placeMiss, recountGroup, type DueMiss, type GroupRow } from '#server/db/unanswered'
import { claimWork, releaseWork } from '#server/db/work-claims'
import { loadArtifacts } from '#server/services/answering/faq-matcher/artifacts'
import { buildFaqIndexAsync, type FaqIndex } from '#server/services/answering/faq-matcher/index-builder'
import { matchFaq } from '#server/services/answering/faq-matcher/match'
import { asksForPerson } from '#server/services/handover/asks-for-person'
import { analyse } from '#server/services/answering/faq-matcher/text/analyse'
import { exactKey } from '#server/services/answering/faq-matcher/text/normalise'

/*
 * Unanswered questions that mean the same come together. To the matcher the groups are FAQs and their wordings the
 * phrasings: a question joins the group that would "answer" it, else it begins one. One server groups at a time, by a
 * lease; should two ever overlap, the worst is two groups alike.
 */
const WORK = 'unanswered'
const LEASE_MS = 30_000
const BATCH = 200
/** Those seen last; an older one that is asked again begins anew. */
const MAX_GROUPS = 1_500
const MAX_WORDINGS = 12

type Group = Pick<GroupRow, 'id' | 'question' | 'wordings'>

/** An index of 1,500 groups takes a second and a half of one core (in slices): at most this share of the time goes into it. */
const REST_FACTOR = 20

const instanceId = v7()
let running: Promise<number> | undefined
let restUntil = 0
let kept: { key: string, index: Promise<FaqIndex> } | undefined

/** Puts what is due into groups, now or (for tests) at another time; a second call joins the first. Says how many questions found their place here. */
export function groupMisses(now?: Date): Promise<number> {
  running ??= group(now ?? null).finally(() => running = undefined)
  return running
}

/** As `groupMisses`, for the loop that asks every few seconds: after long work it rests. */
export async function groupWhenRested(): Promise<void> {
  if (performance.now() < restUntil) return
  const started = performance.now()
  if (await groupMisses()) restUntil = performance.now() + REST_FACTOR * (performance.now() - started)
}

async function group(now: Date | null): Promise<number> {
  if (!await hasDueMiss(now) || !await claimWork(WORK, { by: instanceId, leaseMs: LEASE_MS })) return 0
  let placed = 0
  try {
    for (;;) {
      const misses = await listDueMisses(now, BATCH)
      if (!misses.length) break
      const done = await groupBatch(misses)
      placed += done
      // Nothing moved: somebody else is at it after all.
      if (!done || !await claimWork(WORK, { by: instanceId, leaseMs: LEASE_MS })) break
    }
  }
  finally {
    await releaseWork(WORK, instanceId)
  }
  if (placed) log.info({ questions: placed }, 'Unanswered questions were put into groups')
  return placed
}

async function groupBatch(misses: DueMiss[]): Promise<number> {
  const known = await listGroupTexts(MAX_GROUPS)
  const byId = new Map(known.map(group => [group.id, group]))
  const index = known.length ? await keptIndex(known) : null
  // Made by this batch: few, so their index is cheap to build again with each.
  const fresh: Group[] = []
  let freshIndex: FaqIndex | null = null
  let placed = 0
  for (const miss of misses) {
    if (isNoQuestion(miss.text) || wasTaken(miss)) {
      if (await placeMiss(miss, null)) placed++
      continue
    }
    const id = closest([index, freshIndex], miss.text)
    const group = id === null ? null : byId.get(id)!
    const target = group ?? { id: v7(), question: miss.text, wordings: [] }
    if (!await place(miss, target, group === null)) continue
    placed++
    if (group) continue
    byId.set(target.id, target)
    fresh.push(target)
    freshIndex = await indexOf(fresh)
  }
  return placed
}

/** The index of the known groups, made again only when one of them has come or got a wording. */
function keptIndex(groups: Group[]): Promise<FaqIndex> {
  const key = groups.map(({ id, wordings }) => `${id}${wordings.length}`).sort().join()
  if (kept?.key !== key) kept = { key, index: indexOf(groups) }
  return kept.index
}

const indexOf = (groups: Group[]) => buildFaqIndexAsync(groups.map(({ id, question, wordings }) => ({ id, question, answer: '', phrasings: wordings })))

/** The group that this question belongs to, or null. */
function closest(indexes: (FaqIndex | null)[], text: string): string | null {
  let best: { faqId: string, score: number } | null = null
  for (const index of indexes) {
    const match = index && matchFaq(index, text, { strictness: 'balanced' })
    const first = match?.decision === 'answer' ? match.ranked[0] : undefined
    if (first && first.score > (best?.score ?? 0)) best = first
  }
  return best?.faqId ?? null
}

async function place(miss: DueMiss, group: Group, isNew: boolean): Promise<boolean> {
  return inTransaction(async () => {
    if (isNew) await insertGroup({ id: group.id, question: miss.text, at: miss.askedAt })
    if (!await placeMiss(miss, group.id)) {
      if (isNew) await recountGroup(group.id)
      return false
    }
    const isSaid = [group.question, ...group.wordings].some(text => exactKey(text) === exactKey(miss.text))
    if (!isSaid) await addWording(group.id, miss.text, MAX_WORDINGS)
    await recountGroup(group.id)
    return true
  })
}

/** Greetings, thanks, strings of symbols and the wish for a person (whatever was thought of the reply): nothing that a FAQ could answer. */
function isNoQuestion(text: string): boolean {
  if (asksForPerson(text)) return true
  const { typed, smallTalk } = analyse(text, { artifacts: loadArtifacts() })
  return typed.length === 0 || smallTalk
}

/** Whether what the customer wrote next is one of the suggestions they had been offered. */
function wasTaken({ kind, suggestions, next }: DueMiss): boolean {
  if (kind !== 'suggestion' || !next) return false
  return (suggestions ?? []).some(({ faq_id, question }) => next.faqId === faq_id || exactKey(next.text) === exactKey(question))
}
