import { AppError, notFound } from '#server/core/app-error'
import { findPlan, listDoneTasks, savePlan, setTaskDone } from '#server/db/plans'
import type { SavePlan, WeddingPlan } from '#shared/contracts/plan'
import { weddingTaskGroups } from '#shared/wedding-checklist'

/** The customer's plan; before anything is saved, an empty one of version 0. */
export async function readPlan(customerId: string): Promise<WeddingPlan> {
  const [plan, doneTasks] = await Promise.all([findPlan(customerId), listDoneTasks(customerId)])
  return {
    wedding_date: plan?.weddingDate ?? null,
    guests: plan?.guests ?? null,
    budget_euros: plan?.budgetEuros ?? null,
    version: plan?.version ?? 0,
    done_tasks: doneTasks,
  }
}

/** Throws CONFLICT with the current plan when it was changed meanwhile, in another tab for instance. */
export async function changePlan(customerId: string, plan: SavePlan): Promise<WeddingPlan> {
  const saved = await savePlan(customerId, { weddingDate: plan.wedding_date, guests: plan.guests, budgetEuros: plan.budget_euros }, plan.version)
  if (!saved) throw new AppError('CONFLICT', 'Your plan was changed in another window: check it and save again.', { current: await readPlan(customerId) })
  return readPlan(customerId)
}

/** Throws NOT_FOUND for a task that is not on the checklist. */
export async function tickTask(customerId: string, key: string, done: boolean): Promise<{ key: string, done: boolean }> {
  if (!weddingTaskGroups.some(group => group.tasks.some(task => task.key === key))) throw notFound('task')
  await setTaskDone(customerId, key, done)
  return { key, done }
}
