import { and, asc, eq, ilike, inArray, max, or, sql, type SQL } from 'drizzle-orm'
import { faqPhrasings, faqs } from '#drizzle/schema'
import { db } from './client'

export type FaqRow = typeof faqs.$inferSelect
export interface FaqWithPhrasings extends FaqRow { phrasings: string[] }
export type FaqFields = Pick<FaqRow, 'question' | 'questionKey' | 'answer' | 'order' | 'isActive'>

/** The active FAQs with their phrasings, in the order customers see. */
export async function listActiveFaqs(): Promise<FaqWithPhrasings[]> {
  return withAllPhrasings(await db().select().from(faqs).where(eq(faqs.isActive, true)).orderBy(asc(faqs.order), asc(faqs.id)))
}

export interface FaqPosition { order: number, id: string }

export interface FaqFilter { q?: string, active?: boolean }

/** Holding `q` in question, answer or a phrasing. */
function matching({ q, active }: FaqFilter): SQL | undefined {
  const like = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null
  return and(
    active === undefined ? undefined : eq(faqs.isActive, active),
    like ? or(ilike(faqs.question, like), ilike(faqs.answer, like), inArray(faqs.id, db().select({ id: faqPhrasings.faqId }).from(faqPhrasings).where(ilike(faqPhrasings.text, like)))) : undefined,
  )
}

/** One page in the same order: at most `limit` after the position (null: from the start). */
export async function listFaqPage({ after, limit, ...filter }: FaqFilter & { after: FaqPosition | null, limit: number }): Promise<FaqWithPhrasings[]> {
  const rows = await db().select().from(faqs)
    .where(and(after ? sql`(${faqs.order}, ${faqs.id}) > (${after.order}, ${after.id})` : undefined, matching(filter)))
    .orderBy(asc(faqs.order), asc(faqs.id)).limit(limit)
  return withPhrasings(rows)
}

export async function countFaqs(filter: FaqFilter): Promise<number> {
  return db().$count(faqs, matching(filter))
}

export async function findFaq(id: string): Promise<FaqWithPhrasings | null> {
  return (await withPhrasings(await db().select().from(faqs).where(eq(faqs.id, id))))[0] ?? null
}

/** At the end of the list unless `order` is given. Throws a unique violation when another FAQ asks the same. */
export async function insertFaq(fields: Omit<FaqFields, 'order'> & { order?: number }): Promise<FaqRow> {
  const order = fields.order ?? ((await db().select({ last: max(faqs.order) }).from(faqs))[0]?.last ?? 0) + 1
  const [row] = await db().insert(faqs).values({ ...fields, order }).returning()
  return row!
}

/** Saves over the version seen; null when the stored one has moved on or is gone. */
export async function updateFaq(id: string, fields: Partial<FaqFields>, version: number): Promise<FaqRow | null> {
  const [row] = await db().update(faqs).set({ ...fields, version: sql`${faqs.version} + 1`, updatedAt: new Date() })
    .where(and(eq(faqs.id, id), eq(faqs.version, version))).returning()
  return row ?? null
}

export async function replacePhrasings(faqId: string, texts: string[]): Promise<void> {
  await db().delete(faqPhrasings).where(eq(faqPhrasings.faqId, faqId))
  if (texts.length) await db().insert(faqPhrasings).values(texts.map((text, position) => ({ faqId, text, position })))
}

export async function deleteFaq(id: string): Promise<boolean> {
  return (await db().delete(faqs).where(eq(faqs.id, id)).returning({ id: faqs.id })).length > 0
}

export async function hasAnyFaq(): Promise<boolean> {
  return (await db().select({ id: faqs.id }).from(faqs).limit(1)).length > 0
}

/** Every FAQ, the inactive ones too; for comparing a file with them. */
export async function listAllFaqs(): Promise<FaqWithPhrasings[]> {
  return withAllPhrasings(await db().select().from(faqs).orderBy(asc(faqs.order), asc(faqs.id)))
}

/** The places of all FAQs, kept from changing until the transaction ends. */
export async function lockFaqs(): Promise<FaqPosition[]> {
  return db().select({ id: faqs.id, order: faqs.order }).from(faqs).orderBy(asc(faqs.order), asc(faqs.id)).for('update')
}

export async function updateOrders(places: FaqPosition[]): Promise<void> {
  for (const part of chunks(places)) {
    await db().execute(sql`update faqs set "order" = place."order" from (values ${sql.join(part.map(({ id, order }) => sql`(${id}::uuid, ${order}::int)`), sql`, `)}) as place(id, "order") where faqs.id = place.id`)
  }
}

export type ImportedFields = Omit<FaqFields, 'order' | 'isActive'> & { order?: number, isActive?: boolean, phrasings?: string[] }

/** Those without an order come after all others, in the order given. */
export async function insertFaqs(fields: ImportedFields[]): Promise<FaqWithPhrasings[]> {
  let last = fields.length ? (await db().select({ last: max(faqs.order) }).from(faqs))[0]?.last ?? 0 : 0
  const values = fields.map(({ phrasings: _, ...faq }) => ({ ...faq, isActive: faq.isActive ?? true, order: faq.order ?? ++last }))
  const made: FaqWithPhrasings[] = []
  for (const part of chunks(values)) {
    const rows = await db().insert(faqs).values(part).returning()
    made.push(...rows.map(row => ({ ...row, phrasings: [] as string[] })))
  }
  const byKey = new Map(fields.map(({ questionKey, phrasings }) => [questionKey, phrasings ?? []]))
  for (const faq of made) faq.phrasings = byKey.get(faq.questionKey)!
  await insertPhrasings(made)
  return made
}

/** Writes over what is stored; a field left out stays. The caller holds `lockFaqs`. */
export async function overwriteFaqs(changes: { before: FaqWithPhrasings, fields: ImportedFields }[]): Promise<FaqWithPhrasings[]> {
  const after = changes.map(({ before, fields }): FaqWithPhrasings => ({
    ...before,
    question: fields.question,
    questionKey: fields.questionKey,
    answer: fields.answer,
    order: fields.order ?? before.order,
    isActive: fields.isActive ?? before.isActive,
    phrasings: fields.phrasings ?? before.phrasings,
    version: before.version + 1,
    updatedAt: new Date(),
  }))
  for (const part of chunks(after)) {
    const values = part.map(faq => sql`(${faq.id}::uuid, ${faq.question}, ${faq.answer}, ${faq.order}::int, ${faq.isActive}::boolean)`)
    await db().execute(sql`update faqs set question = new.question, answer = new.answer, "order" = new."order", is_active = new.is_active, version = version + 1, updated_at = now()
      from (values ${sql.join(values, sql`, `)}) as new(id, question, answer, "order", is_active) where faqs.id = new.id`)
    await db().delete(faqPhrasings).where(inArray(faqPhrasings.faqId, part.map(faq => faq.id)))
  }
  await insertPhrasings(after)
  return after
}

async function insertPhrasings(all: FaqWithPhrasings[]): Promise<void> {
  for (const part of chunks(all.flatMap(faq => faq.phrasings.map((text, position) => ({ faqId: faq.id, text, position }))))) await db().insert(faqPhrasings).values(part)
}

/** A statement takes at most 65,535 parameters. */
function* chunks<Item>(items: Item[], size = 200): Generator<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}

/** For many FAQs: read in parts, so that no part holds other requests up for long. */
async function withAllPhrasings(rows: FaqRow[]): Promise<FaqWithPhrasings[]> {
  const all: FaqWithPhrasings[] = []
  for (const part of chunks(rows, 1000)) all.push(...await withPhrasings(part))
  return all
}

async function withPhrasings(rows: FaqRow[]): Promise<FaqWithPhrasings[]> {
  if (!rows.length) return []
  const phrasings = await db().select().from(faqPhrasings).where(inArray(faqPhrasings.faqId, rows.map(row => row.id))).orderBy(asc(faqPhrasings.faqId), asc(faqPhrasings.position))
  const byFaq = new Map<string, string[]>(rows.map(row => [row.id, []]))
  for (const phrasing of phrasings) byFaq.get(phrasing.faqId)!.push(phrasing.text)
  return rows.map(row => ({ ...row, phrasings: byFaq.get(row.id)! }))
}
