import { listConversationsAfter, listFeedbackAfter, listIdentitiesOf, listSessionsOf } from '#server/db/account-export'
import { listMessages } from '#server/db/messages'
import { findUserById } from '#server/db/users'
import { notFound } from '#server/core/app-error'
import { chatMessage, conversationSummary } from '#server/services/conversations/message-views'
import { readPlan } from '#server/services/plans/wedding-plan'
import type { ExportFormat } from '#shared/contracts/account'
import { zipFiles, type ZipEntry } from './zip-files'

const PAGE = 500

/**
 * Everything we have of a customer as one JSON document or as a zip with a file for each part; never a password's or a
 * session's hash. Made a page at a time: the size of the account does not matter. Throws NOT_FOUND.
 */
export async function* exportAccount(userId: string, format: ExportFormat): AsyncGenerator<string | Uint8Array> {
  const small = await smallParts(userId)
  if (format === 'zip') return yield* zipFiles(filesOf(userId, small))
  yield `{\n"exported_at": ${JSON.stringify(new Date().toISOString())}`
  for (const [name, part] of Object.entries(small)) yield `,\n${JSON.stringify(name)}: ${JSON.stringify(part)}`
  yield ',\n"conversations": ['
  let first = true
  for await (const conversation of conversationsOf(userId)) {
    yield `${first ? '' : ','}\n`
    yield* conversationJson(conversation)
    first = false
  }
  yield '\n],\n"feedback": '
  yield* listJson(feedbackOf(userId))
  yield '\n}\n'
}

/** What fits in memory whatever the account. */
async function smallParts(userId: string) {
  const user = await findUserById(userId)
  if (!user) throw notFound('account')
  const [plan, sessions, identities] = await Promise.all([readPlan(userId), listSessionsOf(userId), listIdentitiesOf(userId)])
  return {
    profile: { id: user.id, email: user.email, name: user.name, role: user.role, email_verified_at: user.emailVerifiedAt?.toISOString() ?? null, has_password: user.passwordHash !== null, created_at: user.createdAt.toISOString() },
    plan,
    identities: identities.map(identity => ({ issuer: identity.issuer, subject: identity.subject, email: identity.email, linked_at: identity.createdAt.toISOString() })),
    sessions: sessions.map(session => ({ created_at: session.createdAt.toISOString(), last_seen_at: session.lastSeenAt.toISOString(), expires_at: session.expiresAt.toISOString(), user_agent: session.userAgent })),
  }
}

async function* filesOf(userId: string, small: Awaited<ReturnType<typeof smallParts>>): AsyncGenerator<ZipEntry> {
  for (const [name, part] of Object.entries(small)) yield { name: `${name}.json`, pieces: once(`${JSON.stringify(part, null, 2)}\n`) }
  for await (const conversation of conversationsOf(userId)) {
    yield { name: `conversations/${conversation.started_at.slice(0, 10)}-${conversation.id}.json`, pieces: conversationJson(conversation) }
  }
  yield { name: 'feedback.json', pieces: listJson(feedbackOf(userId)) }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* conversationsOf(userId: string) {
  for await (const row of paged(after => listConversationsAfter(userId, after, PAGE))) yield conversationSummary(row)
}

async function* feedbackOf(userId: string) {
  for await (const row of paged(after => listFeedbackAfter(userId, after, PAGE))) {
    yield { id: row.id, message_id: row.messageId, value: row.value, comment: row.comment, created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString() }
  }
}

async function* paged<Row extends { id: string }>(read: (after: string | null) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let after: string | null = null; ;) {
    const rows: Row[] = await read(after)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** The conversation's own fields, and `messages`. */
async function* conversationJson(conversation: ReturnType<typeof conversationSummary>): AsyncGenerator<string> {
  yield `${JSON.stringify(conversation).slice(0, -1)},"messages":`
  yield* listJson(messagesOf(conversation.id))
  yield '}'
}

async function* messagesOf(conversationId: string) {
  for (let after = 0; ;) {
    const rows = await listMessages(conversationId, { after }, PAGE)
    for (const row of rows) yield { ...chatMessage(row), ...(row.page ? { page: row.page } : {}) }
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

async function* listJson(items: AsyncGenerator<unknown>): AsyncGenerator<string> {
  let first = true
  yield '['
  for await (const item of items) {
    yield `${first ? '' : ','}\n${JSON.stringify(item)}`
    first = false
  }
  yield first ? ']' : '\n]'
}
