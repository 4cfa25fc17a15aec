import { and, asc, desc, eq, inArray, isNull, lte, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { faqs, messages, unansweredGroups, unansweredQuestions, users } from '#drizzle/schema'
import type { Suggestion } from '#shared/contracts/chat'
import { db, rowsOf } from './client'

export type GroupRow = typeof unansweredGroups.$inferSelect
export type MissKind = typeof unansweredQuestions.$inferSelect['kind']

/** Notes a question whose reply was rated badly; once. Call it in the transaction that stores the rating. */
export async function insertThumbsDown(questionId: string, askedAt: Date): Promise<void> {
  await db().insert(unansweredQuestions).values({ messageId: questionId, kind: 'thumbs_down', askedAt, dueAt: sql`now()` }).onConflictDoNothing()
}

/** Takes the note back, and says which group has to be counted anew; undefined: there was no note, null: it was in no group yet. */
export async function deleteThumbsDown(questionId: string): Promise<string | null | undefined> {
  const [row] = await db().delete(unansweredQuestions).where(and(eq(unansweredQuestions.messageId, questionId), eq(unansweredQuestions.kind, 'thumbs_down'))).returning({ groupId: unansweredQuestions.groupId })
  return row?.groupId
}

export interface DueMiss { messageId: string, kind: MissKind, text: string, askedAt: Date, suggestions: Suggestion[] | null, next: { text: string, faqId: string | null } | null }

/** Of the database's clock where no time is given. */
const orNow = (now: Date | null) => sql`coalesce(${now?.toISOString() ?? null}::timestamptz, now())`

/** What is due and in no group yet, oldest first; with what was offered and what the customer wrote next. */
export async function listDueMisses(now: Date | null, limit: number): Promise<DueMiss[]> {
  const rows = await rowsOf<Omit<DueMiss, 'askedAt'> & { askedAt: string | Date }>(sql`
    select u.message_id as "messageId", u.kind, q.text, u.asked_at as "askedAt", r.suggestions,
      (select jsonb_build_object('text', n.text, 'faqId', n.faq_id) from messages n where u.kind = 'suggestion' and n.conversation_id = q.conversation_id and n.seq > r.seq and n.sender = 'customer' order by n.seq limit 1) as next
    from unanswered_questions u join messages q on q.id = u.message_id left join messages r on r.reply_to = q.id and r.sender = 'bot'
    where u.group_id is null and u.due_at <= ${orNow(now)} order by u.due_at limit ${limit}::int`)
  return rows.map(row => ({ ...row, askedAt: new Date(row.askedAt) }))
}

/** The groups a new question may belong to: those seen last, dealt with or not. */
export async function listGroupTexts(limit: number): Promise<Pick<GroupRow, 'id' | 'question' | 'wordings'>[]> {
  return db().select({ id: unansweredGroups.id, question: unansweredGroups.question, wordings: unansweredGroups.wordings }).from(unansweredGroups).orderBy(desc(unansweredGroups.lastSeenAt)).limit(limit)
}

export async function insertGroup(group: { id: string, question: string, at: Date }): Promise<void> {
  await db().insert(unansweredGroups).values({ id: group.id, question: group.question, firstSeenAt: group.at, lastSeenAt: group.at })
}

export async function addWording(groupId: string, wording: string, max: number): Promise<void> {
  await db().update(unansweredGroups).set({ wordings: sql`${unansweredGroups.wordings} || jsonb_build_array(${wording}::text)` })
    .where(and(eq(unansweredGroups.id, groupId), sql`jsonb_array_length(${unansweredGroups.wordings}) < ${max}::int`))
}

/** Puts a noted question into a group, or (null) forgets it; false when somebody else was quicker. */
export async function placeMiss({ messageId, kind }: Pick<DueMiss, 'messageId' | 'kind'>, groupId: string | null): Promise<boolean> {
  const own = and(eq(unansweredQuestions.messageId, messageId), eq(unansweredQuestions.kind, kind), isNull(unansweredQuestions.groupId))
  const rows = groupId
    ? await db().update(unansweredQuestions).set({ groupId }).where(own).returning({ id: unansweredQuestions.messageId })
    : await db().delete(unansweredQuestions).where(own).returning({ id: unansweredQuestions.messageId })
  return rows.length > 0
}

/**
 * Counts a group anew from its questions. With one not dealt with it is open (again); one without any question left goes.
 */
export async function recountGroup(id: string): Promise<void> {
  await db().execute(sql`
    update unanswered_groups g set occurrences = c.open, fallbacks = c.fallbacks, ignored_suggestions = c.ignored, thumbs_down = c.down, earlier = c.earlier,
      last_seen_at = coalesce(c.last, g.last_seen_at),
      -- Being asked once more is nobody's edit; coming back is.
      version = g.version + case when c.open > 0 and g.status <> 'open' then 1 else 0 end,
      status = case when c.open > 0 then 'open' else g.status end
    from (select count(distinct message_id) filter (where settled_at is null)::int as open,
        count(*) filter (where settled_at is null and kind = 'fallback')::int as fallbacks,
        count(*) filter (where settled_at is null and kind = 'suggestion')::int as ignored,
        count(*) filter (where settled_at is null and kind = 'thumbs_down')::int as down,
        count(distinct message_id) filter (where settled_at is not null)::int as earlier, max(asked_at) as last
      from unanswered_questions where group_id = ${id}::uuid) c
    where g.id = ${id}::uuid`)
  await db().delete(unansweredGroups).where(and(eq(unansweredGroups.id, id),
    notExists(db().select({ one: sql`1` }).from(unansweredQuestions).where(eq(unansweredQuestions.groupId, id)))))
}

/** Takes a group's words anew from the questions that are left in it, after some were deleted; an empty group goes. */
export async function rewordGroup(id: string): Promise<void> {
  await db().execute(sql`
    update unanswered_groups g set question = left_over.texts[1], wordings = coalesce(to_jsonb(left_over.texts[2:13]), '[]'::jsonb)
    from (select array_agg(text order by at) as texts from (
      select m.text, min(u.asked_at) as at from unanswered_questions u join messages m on m.id = u.message_id where u.group_id = ${id}::uuid group by m.text) kept) left_over
    where g.id = ${id}::uuid and left_over.texts is not null`)
  await recountGroup(id)
}

export interface GroupPosition { occurrences: number, at: Date, id: string }
const shown = { group: unansweredGroups, faqQuestion: faqs.question, resolvedBy: { id: users.id, name: users.name } }
const selectGroups = () => db().select(shown).from(unansweredGroups).leftJoin(faqs, eq(faqs.id, unansweredGroups.faqId)).leftJoin(users, eq(users.id, unansweredGroups.resolvedBy))

/** The most asked first, among those the one asked last (unanswered_groups_often_idx). Of those dealt with none is counted, so they come by time. */
export async function listGroups({ status, after, limit }: { status: GroupRow['status'], after: GroupPosition | null, limit: number }) {
  return selectGroups().where(and(
    eq(unansweredGroups.status, status),
    after ? sql`(${unansweredGroups.occurrences}, ${unansweredGroups.lastSeenAt}, ${unansweredGroups.id}) < (${after.occurrences}::int, ${after.at.toISOString()}::timestamptz, ${after.id}::uuid)` : undefined,
  )).orderBy(desc(unansweredGroups.occurrences), desc(unansweredGroups.lastSeenAt), desc(unansweredGroups.id)).limit(limit)
}

export async function findGroup(id: string) {
  return (await selectGroups().where(eq(unansweredGroups.id, id)))[0] ?? null
}

export async function countOpenGroups(): Promise<number> {
  return db().$count(unansweredGroups, eq(unansweredGroups.status, 'open'))
}

/** The questions of a group, the newest first, with the reply each got. */
export async function listGroupQuestions(groupId: string, limit: number) {
  const reply = alias(messages, 'reply')
  return db().select({
    messageId: unansweredQuestions.messageId,
    kind: unansweredQuestions.kind,
    askedAt: unansweredQuestions.askedAt,
    settledAt: unansweredQuestions.settledAt,
    text: messages.text,
    conversationId: messages.conversationId,
    reply: reply.text,
  }).from(unansweredQuestions).innerJoin(messages, eq(messages.id, unansweredQuestions.messageId))
    .leftJoin(reply, and(eq(reply.replyTo, messages.id), eq(reply.sender, 'bot')))
    .where(eq(unansweredQuestions.groupId, groupId)).orderBy(desc(unansweredQuestions.askedAt), asc(unansweredQuestions.messageId)).limit(limit)
}

/** Open groups as they wait, the most asked first. */
export async function listOpenGroupTexts(limit: number): Promise<Pick<GroupRow, 'id' | 'question' | 'wordings' | 'occurrences'>[]> {
  return db().select({ id: unansweredGroups.id, question: unansweredGroups.question, wordings: unansweredGroups.wordings, occurrences: unansweredGroups.occurrences })
    .from(unansweredGroups).where(eq(unansweredGroups.status, 'open')).orderBy(desc(unansweredGroups.occurrences), desc(unansweredGroups.lastSeenAt), desc(unansweredGroups.id)).limit(limit)
}

export interface Settlement { status: 'resolved' | 'dismissed', resolution: NonNullable<GroupRow['resolution']>, faqId: string | null, by: string, at: Date }

/** Marks an open group as dealt with, its questions with it; null when it is not open (at this version). */
export async function settleGroup(id: string, version: number | null, { status, resolution, faqId, by, at }: Settlement): Promise<GroupRow | null> {
  const [row] = await db().update(unansweredGroups).set({ status, resolution, faqId, resolvedBy: by, resolvedAt: at, version: sql`${unansweredGroups.version} + 1` })
    .where(and(eq(unansweredGroups.id, id), eq(unansweredGroups.status, 'open'), version === null ? undefined : eq(unansweredGroups.version, version))).returning()
  if (!row) return null
  await db().update(unansweredQuestions).set({ settledAt: at }).where(and(eq(unansweredQuestions.groupId, id), isNull(unansweredQuestions.settledAt)))
  await db().update(unansweredGroups).set({ occurrences: 0, fallbacks: 0, ignoredSuggestions: 0, thumbsDown: 0, earlier: sql`${unansweredGroups.earlier} + ${unansweredGroups.occurrences}` }).where(eq(unansweredGroups.id, id))
  return row
}

/** Undoes what `settleGroup` did last; false when it is open already. */
export async function reopenGroup(id: string): Promise<boolean> {
  const [row] = await db().update(unansweredGroups).set({ status: 'open', resolution: null, faqId: null, resolvedBy: null }).where(and(eq(unansweredGroups.id, id), inArray(unansweredGroups.status, ['resolved', 'dismissed']))).returning()
  if (!row) return false
  await db().update(unansweredQuestions).set({ settledAt: null }).where(and(eq(unansweredQuestions.groupId, id), eq(unansweredQuestions.settledAt, row.resolvedAt!)))
  await recountGroup(id)
  return true
}

export async function hasDueMiss(now: Date | null): Promise<boolean> {
  return (await db().select({ id: unansweredQuestions.messageId }).from(unansweredQuestions).where(and(isNull(unansweredQuestions.groupId), lte(unansweredQuestions.dueAt, orNow(now)))).limit(1)).length > 0
}
