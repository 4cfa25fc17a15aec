import { z } from 'zod'
import { versionSchema } from './text'

/** *My plan*: what the customer has told us of their wedding, and the tasks they have ticked. */
export const savePlanSchema = z.object({
  wedding_date: z.iso.date({ error: 'Send a date such as 2027-06-19.' }).refine(day => day >= '2000-01-01' && day <= '2100-12-31', 'Choose a date of this century.').nullable(),
  guests: z.number({ error: 'Send the number of guests.' }).int('Send a whole number of guests.').min(0, 'Guests cannot be fewer than 0.').max(5000, 'For more than 5,000 guests please write to us.').nullable(),
  /** Whole euros. */
  budget_euros: z.number({ error: 'Send the budget in euros.' }).int('Send whole euros.').min(0, 'A budget cannot be below 0.').max(100_000_000, 'Send a smaller budget.').nullable(),
  version: versionSchema,
}, { error: 'Send a JSON object with wedding_date, guests, budget_euros and version.' })
export type SavePlan = z.input<typeof savePlanSchema>

export interface WeddingPlan {
  wedding_date: string | null
  guests: number | null
  budget_euros: number | null
  /** 0 until something has been saved. */
  version: number
  done_tasks: string[]
}

export const savePlanTaskSchema = z.object({ done: z.boolean({ error: 'Send true or false.' }) }, { error: 'Send { "done": true } or { "done": false }.' })
