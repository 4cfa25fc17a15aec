import { z } from 'zod'
import type { AccountProfile, AccountSession, AccountSessions, SessionsEnded } from '../account'
import type { LoginResult, SessionResult, SessionUser, SignInOptions } from '../auth'
import type { WeddingPlan } from '../plan'
import { answerOf, countAnswer, idAnswer, momentAnswer } from './answer'
import { chatMessageFields, conversationSummaryAnswer } from './chat'

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

const providerAnswer = z.object({ name: z.string() }).nullable()
export const signInOptionsAnswer = answerOf<SignInOptions>()(z.object({ password_reset: z.boolean(), oidc: providerAnswer }))
export const accountProfileAnswer = answerOf<AccountProfile>()(z.object({
  name: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  can_send_links: z.boolean(),
  has_password: z.boolean(),
  oidc: providerAnswer,
}).meta({ id: 'AccountProfile' }))
const accountSession = answerOf<AccountSession>()(z.object({
  id: idAnswer,
  device: z.object({ browser: z.string().nullable(), system: z.string().nullable(), kind: z.enum(['phone', 'tablet', 'computer', 'unknown']) }),
  signed_in_at: momentAnswer,
  last_seen_at: momentAnswer,
  expires_at: momentAnswer,
  current: z.boolean(),
}).meta({ id: 'AccountSession' }))
export const accountSessionsAnswer = answerOf<AccountSessions>()(z.object({ items: z.array(accountSession) }))
export const sessionsEndedAnswer = answerOf<SessionsEnded>()(z.object({ ended: countAnswer }))
/** A link has been sent, or would have been, were there such an account. */
export const acceptedAnswer = z.object({ status: z.literal('accepted') })

export const accountExportAnswer = z.object({
  exported_at: momentAnswer,
  profile: z.object({ id: idAnswer, email: z.string(), name: z.string(), role: z.enum(['customer', 'admin']), email_verified_at: momentAnswer.nullable(), has_password: z.boolean(), created_at: momentAnswer }),
  plan: weddingPlanAnswer,
  identities: z.array(z.object({ issuer: z.string(), subject: z.string(), email: z.string(), linked_at: momentAnswer })),
  sessions: z.array(z.object({ created_at: momentAnswer, last_seen_at: momentAnswer, expires_at: momentAnswer, user_agent: z.string().nullable() })),
  conversations: z.array(conversationSummaryAnswer.extend({ messages: z.array(chatMessageFields.extend({ page: z.string().optional() })) })),
  feedback: z.array(z.object({ id: idAnswer, message_id: idAnswer.nullable(), value: z.enum(['up', 'down']).nullable(), comment: z.string().nullable(), created_at: momentAnswer, updated_at: momentAnswer })),
}).meta({ id: 'AccountExport' })
