import { z } from 'zod'
import type { LoginResult, SessionResult, SessionUser } from '../auth'
import type { WeddingPlan } from '../plan'
import { answerOf, countAnswer, idAnswer } from './answer'

export const sessionUserAnswer = answerOf<SessionUser>()(z.object({ id: idAnswer, email: z.string(), name: z.string(), role: z.enum(['customer', 'admin']) }).meta({ id: 'SessionUser' }))
export const loginAnswer = answerOf<LoginResult>()(z.object({ token: z.literal('cookie'), user: sessionUserAnswer }))
export const registeredAnswer = z.object({ user: sessionUserAnswer })
export const sessionAnswer = answerOf<SessionResult>()(z.object({ user: sessionUserAnswer.nullable() }))

export const weddingPlanAnswer = answerOf<WeddingPlan>()(z.object({
  wedding_date: z.iso.date().nullable(),
  guests: countAnswer.nullable(),
  budget_euros: countAnswer.nullable(),
  version: countAnswer,
  done_tasks: z.array(z.string()),
}).meta({ id: 'WeddingPlan' }))
export const planTaskAnswer = z.object({ key: z.string(), done: z.boolean() })
