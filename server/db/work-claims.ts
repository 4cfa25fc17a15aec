import { and, eq, sql } from 'drizzle-orm'
import { workClaims } from '#drizzle/schema'
import { db } from './client'

/** Takes a piece of work, or keeps it, for `leaseMs`; false while another server has it. */
export async function claimWork(name: string, claim: { by: string, leaseMs: number }): Promise<boolean> {
  const until = sql`now() + ${claim.leaseMs}::int * interval '1 millisecond'`
  const rows = await db().insert(workClaims).values({ name, claimedBy: claim.by, claimedUntil: until }).onConflictDoUpdate({
    target: workClaims.name,
    set: { claimedBy: claim.by, claimedUntil: until },
    setWhere: sql`${workClaims.claimedUntil} < now() or ${workClaims.claimedBy} = ${claim.by}`,
  }).returning({ name: workClaims.name })
  return rows.length > 0
}

export async function releaseWork(name: string, by: string): Promise<void> {
  await db().delete(workClaims).where(and(eq(workClaims.name, name), eq(workClaims.claimedBy, by)))
}
