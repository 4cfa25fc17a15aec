import { sql } from 'drizzle-orm'
import { revisions } from '#drizzle/schema'
import { db } from './client'

export type RevisionScope = 'faqs' | 'config' | 'negatives'

/** How often each thing has changed; a scope that never did is 0. One query for all. */
export async function readRevisions(): Promise<Record<RevisionScope, number>> {
  const rows = await db().select().from(revisions)
  return { faqs: 0, config: 0, negatives: 0, ...Object.fromEntries(rows.map(row => [row.scope, row.revision])) }
}

/** Call it in the transaction that makes the change. */
export async function bumpRevision(scope: RevisionScope): Promise<void> {
  await db().insert(revisions).values({ scope }).onConflictDoUpdate({ target: revisions.scope, set: { revision: sql`${revisions.revision} + 1` } })
}
