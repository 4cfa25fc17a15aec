import { and, eq, sql } from 'drizzle-orm'
import { weddingPlans, weddingPlanTasks } from '#drizzle/schema'
import { db } from './client'

export type PlanRow = typeof weddingPlans.$inferSelect
export type PlanFields = Pick<PlanRow, 'weddingDate' | 'guests' | 'budgetEuros'>

export async function findPlan(customerId: string): Promise<PlanRow | null> {
  return (await db().select().from(weddingPlans).where(eq(weddingPlans.customerId, customerId)))[0] ?? null
}

export async function listDoneTasks(customerId: string): Promise<string[]> {
  const rows = await db().select({ key: weddingPlanTasks.taskKey }).from(weddingPlanTasks).where(eq(weddingPlanTasks.customerId, customerId)).orderBy(weddingPlanTasks.doneAt)
  return rows.map(row => row.key)
}

/** Saves over the version seen (0: nothing saved yet); null when the stored one has moved on. */
export async function savePlan(customerId: string, fields: PlanFields, version: number): Promise<PlanRow | null> {
  if (version === 0) return (await db().insert(weddingPlans).values({ customerId, ...fields }).onConflictDoNothing().returning())[0] ?? null
  const [row] = await db().update(weddingPlans)
    .set({ ...fields, version: sql`${weddingPlans.version} + 1`, updatedAt: new Date() })
    .where(and(eq(weddingPlans.customerId, customerId), eq(weddingPlans.version, version))).returning()
  return row ?? null
}

export async function setTaskDone(customerId: string, taskKey: string, done: boolean): Promise<void> {
  if (done) await db().insert(weddingPlanTasks).values({ customerId, taskKey }).onConflictDoNothing()
  else await db().delete(weddingPlanTasks).where(and(eq(weddingPlanTasks.customerId, customerId), eq(weddingPlanTasks.taskKey, taskKey)))
}
