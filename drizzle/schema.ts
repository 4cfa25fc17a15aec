import { sql } from 'drizzle-orm'
import { boolean, check, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, real, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { v7 } from 'uuid'
import type { Citation, Suggestion } from '../shared/contracts/chat'
import type { OfficeHours } from '../shared/contracts/office-hours'

/*
 * The whole database. Every id is a UUID v7 made by the application (time-ordered, so index pages fill in order;
 * PostgreSQL before 18 cannot make them). Every time is timestamptz with milliseconds, the precision the contract shows.
 * An index stands beside the query it serves; a query without one is a bug.
 */
const id = () => uuid().primaryKey().$defaultFn(() => v7())
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
const createdAt = () => moment('created_at').notNull().defaultNow()

export const users = pgTable('users', {
  id: id(),
  email: text().notNull(),
  name: text().notNull(),
  /** null: this user has no password (made by an admin or another sign-in method) and cannot sign in with one. */
  passwordHash: text('password_hash'),
  role: text({ enum: ['customer', 'admin'] }).notNull().default('customer'),
  createdAt: createdAt(),
  disabledAt: moment('disabled_at'),
  /** When a link sent to the e-mail address, or an identity provider, proved that it is this person's; null: nobody has. */
  emailVerifiedAt: moment('email_verified_at'),
  /** Grows with each change that an admin makes of role or access. */
  version: integer().notNull().default(1),
}, t => [
  uniqueIndex('users_email_unique').on(sql`lower(${t.email})`),
  // For "begins with": the unique index orders by the language of the database, which a LIKE cannot use.
  index('users_email_prefix_idx').on(sql`lower(${t.email}) text_pattern_ops`),
  index('users_name_prefix_idx').on(sql`lower(${t.name}) text_pattern_ops`),
  index('users_search_idx').using('gin', sql`search_words(${t.name} || ' ' || ${t.email})`),
  // Few beside the customers; whoever takes an admin away locks them all.
  index('users_admins_idx').on(t.id).where(sql`${t.role} = 'admin'`),
  check('users_role_check', sql`${t.role} in ('customer', 'admin')`),
])

/** Server-side sessions. The token itself is only in the customer's cookie; a copy of this table signs nobody in. */
export const sessions = pgTable('sessions', {
  id: id(),
  tokenHash: text('token_hash').notNull(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  userAgent: text('user_agent'),
  createdAt: createdAt(),
  lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
  expiresAt: moment('expires_at').notNull(),
}, t => [
  uniqueIndex('sessions_token_hash_unique').on(t.tokenHash),
  index('sessions_user_idx').on(t.userId),
  index('sessions_expires_idx').on(t.expiresAt),
])

/** Links sent by e-mail, good for one use. Of each purpose a user has one: a newer one takes the place of the older. */
export const accountTokens = pgTable('account_tokens', {
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  purpose: text({ enum: ['password_reset', 'verify_email'] }).notNull(),
  /** Keyed like a session's; the token itself is only in the mail. */
  tokenHash: text('token_hash').notNull(),
  /** Where it was sent: what following the link proves something about. */
  email: text().notNull(),
  createdAt: createdAt(),
  expiresAt: moment('expires_at').notNull(),
}, t => [
  primaryKey({ columns: [t.userId, t.purpose] }),
  uniqueIndex('account_tokens_hash_unique').on(t.tokenHash),
  index('account_tokens_expires_idx').on(t.expiresAt),
  check('account_tokens_purpose_check', sql`${t.purpose} in ('password_reset', 'verify_email')`),
])

/** Who a user is to an identity provider (OpenID Connect): the subject never changes there, an e-mail address may. */
export const userIdentities = pgTable('user_identities', {
  issuer: text().notNull(),
  subject: text().notNull(),
  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  /** The address the provider named when the account was linked. */
  email: text().notNull(),
  createdAt: createdAt(),
  lastUsedAt: moment('last_used_at').notNull().defaultNow(),
}, t => [
  primaryKey({ columns: [t.issuer, t.subject] }),
  index('user_identities_user_idx').on(t.userId),
])

/** Failed sign-ins in a row, by a keyed hash of whom or where from; the longer the row, the longer the next has to wait. */
export const signInDelays = pgTable('sign_in_delays', {
  keyHash: text('key_hash').primaryKey(),
  failures: integer().notNull(),
  waitUntil: moment('wait_until').notNull(),
  /** From then on the row counts for nothing. */
  expiresAt: moment('expires_at').notNull(),
}, t => [index('sign_in_delays_expires_idx').on(t.expiresAt)])

export const weddingPlans = pgTable('wedding_plans', {
  customerId: uuid('customer_id').primaryKey().references(() => users.id, { onDelete: 'cascade' }),
  weddingDate: date('wedding_date', { mode: 'string' }),
  guests: integer(),
  /** Whole euros. */
  budgetEuros: integer('budget_euros'),
  version: integer().notNull().default(1),
  updatedAt: moment('updated_at').notNull().defaultNow(),
}, t => [
  check('wedding_plans_guests_check', sql`${t.guests} between 0 and 5000`),
  check('wedding_plans_budget_check', sql`${t.budgetEuros} between 0 and 100000000`),
])

/** The tasks of the checklist that a customer has ticked; the checklist itself is in shared/wedding-checklist.ts. */
export const weddingPlanTasks = pgTable('wedding_plan_tasks', {
  customerId: uuid('customer_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  taskKey: text('task_key').notNull(),
  doneAt: moment('done_at').notNull().defaultNow(),
}, t => [primaryKey({ columns: [t.customerId, t.taskKey] })])

export const conversations = pgTable('conversations', {
  id: id(),
  customerId: uuid('customer_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  status: text({ enum: ['active', 'closed'] }).notNull().default('active'),
  startedAt: moment('started_at').notNull().defaultNow(),
  endedAt: moment('ended_at'),
  /** The `seq` of the newest message, and so the number of messages: seq has no gaps. */
  lastSeq: integer('last_seq').notNull().default(0),
  lastMessageAt: moment('last_message_at'),
  /** Grows with everything a poll could show: a message, its feedback, pending, the status. The poll's ETag is made of it. */
  version: integer().notNull().default(1),
  metadata: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  /** Who answers: the bot; the bot while a person has been asked for; a person (then the bot is quiet). */
  handling: text({ enum: ['bot', 'waiting', 'person'] }).notNull().default('bot'),
  /** Since when the customer waits for a person's word; null: they do not. */
  waitingSince: moment('waiting_since'),
  /** Why a person was asked for: the question that had got no answer just before. null: none, or no question stands behind it. */
  handoverQuestionId: uuid('handover_question_id'),
  /** The admin who answers as a person. */
  agentId: uuid('agent_id').references(() => users.id, { onDelete: 'set null' }),
}, t => [
  uniqueIndex('conversations_one_active_per_customer').on(t.customerId).where(sql`${t.status} = 'active'`),
  index('conversations_customer_idx').on(t.customerId, t.status, t.id),
  index('conversations_recent_idx').on(t.lastMessageAt, t.id).where(sql`${t.lastMessageAt} is not null`),
  index('conversations_status_recent_idx').on(t.status, t.lastMessageAt, t.id).where(sql`${t.lastMessageAt} is not null`),
  index('conversations_handling_idx').on(t.handling, t.waitingSince, t.id).where(sql`${t.handling} <> 'bot'`),
  index('conversations_agent_idx').on(t.agentId).where(sql`${t.agentId} is not null`),
  check('conversations_handling_check', sql`${t.handling} in ('bot', 'waiting', 'person')`),
  check('conversations_status_check', sql`${t.status} in ('active', 'closed')`),
])

export const messages = pgTable('messages', {
  id: id(),
  conversationId: uuid('conversation_id').notNull().references(() => conversations.id, { onDelete: 'cascade' }),
  customerId: uuid('customer_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  seq: integer().notNull(),
  sender: text({ enum: ['customer', 'bot', 'agent'] }).notNull(),
  /** Never changes once written: a trigger refuses it (migration 0001). */
  text: text().notNull(),
  createdAt: createdAt(),
  clientMessageId: uuid('client_message_id'),
  /** The path of the page a question was asked from, without query and fragment. */
  page: text(),
  /** A customer's question: the FAQ they picked. A reply: the FAQ that answered. */
  faqId: uuid('faq_id').references(() => faqs.id, { onDelete: 'set null' }),
  replyTo: uuid('reply_to'),
  source: text({ enum: ['faq', 'rag', 'fallback'] }),
  /** The matcher's calibrated probability, 0 to 1, that its best FAQ answers the question. */
  score: real(),
  suggestions: jsonb().$type<Suggestion[]>(),
  citations: jsonb().$type<Citation[]>(),
  /** A customer's question only: pending until its reply is stored, in the same statement that stores the reply. `person`: left to a person, the bot never answers it. */
  replyState: text('reply_state', { enum: ['pending', 'answered', 'person'] }),
  /** While in the future, one server is making the reply; past it, any server may take the question over. */
  replyClaimedUntil: moment('reply_claimed_until'),
  replyClaimedBy: uuid('reply_claimed_by'),
  /** A reply of the RAG API: the names it gave conversation and message, and in which format (names of one mean nothing to another). */
  remoteFormat: text('remote_format', { enum: ['plain', 'openai', 'dify', 'flowise'] }),
  remoteConversationId: text('remote_conversation_id'),
  remoteMessageId: text('remote_message_id'),
  /** The admin who wrote it as a person. */
  agentId: uuid('agent_id').references(() => users.id, { onDelete: 'set null' }),
}, t => [
  uniqueIndex('messages_conversation_seq_unique').on(t.conversationId, t.seq),
  uniqueIndex('messages_client_id_unique').on(t.customerId, t.clientMessageId),
  uniqueIndex('messages_one_reply_per_question').on(t.replyTo).where(sql`${t.sender} = 'bot'`),
  // For deleting: of each message that goes, those that reply to it.
  index('messages_reply_to_idx').on(t.replyTo).where(sql`${t.replyTo} is not null`),
  index('messages_pending_idx').on(t.conversationId).where(sql`${t.replyState} = 'pending'`),
  index('messages_faq_idx').on(t.faqId).where(sql`${t.faqId} is not null`),
  index('messages_agent_idx').on(t.agentId).where(sql`${t.agentId} is not null`),
  index('messages_created_idx').on(t.createdAt),
  index('messages_source_idx').on(t.source, t.conversationId).where(sql`${t.source} is not null`),
  // A short pending list: its clean-up, which now and then falls to a customer's message, stays a matter of milliseconds.
  index('messages_search_idx').using('gin', sql`search_words(${t.text})`).with({ gin_pending_list_limit: 256 }),
  foreignKey({ columns: [t.replyTo], foreignColumns: [t.id], name: 'messages_reply_to_fk' }).onDelete('cascade'),
  check('messages_sender_check', sql`${t.sender} in ('customer', 'bot', 'agent')`),
  check('messages_source_check', sql`${t.source} in ('faq', 'rag', 'fallback')`),
  check('messages_reply_state_check', sql`${t.replyState} is null or (${t.replyState} in ('pending', 'answered', 'person') and ${t.sender} = 'customer')`),
])

export const feedback = pgTable('feedback', {
  id: id(),
  /** Both null: the conversation was deleted with its customer's account or by the retention; what stays is nobody's. */
  messageId: uuid('message_id').references(() => messages.id, { onDelete: 'cascade' }),
  customerId: uuid('customer_id').references(() => users.id, { onDelete: 'cascade' }),
  /** What the rated reply was, once that is gone. */
  faqId: uuid('faq_id').references(() => faqs.id, { onDelete: 'set null' }),
  source: text({ enum: ['faq', 'rag', 'fallback'] }),
  /** null: taken back. The row stays, so that its version goes on growing and a late delivery cannot overtake it. */
  value: text({ enum: ['up', 'down'] }),
  comment: text(),
  version: integer().notNull().default(1),
  createdAt: createdAt(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
}, t => [
  uniqueIndex('feedback_message_customer_unique').on(t.messageId, t.customerId),
  index('feedback_customer_idx').on(t.customerId),
  index('feedback_faq_idx').on(t.faqId).where(sql`${t.faqId} is not null`),
  index('feedback_recent_idx').on(t.updatedAt, t.id).where(sql`${t.value} is not null`),
  index('feedback_value_recent_idx').on(t.value, t.updatedAt, t.id).where(sql`${t.value} is not null`),
  index('feedback_created_idx').on(t.createdAt),
  index('feedback_changed_idx').on(t.updatedAt, t.createdAt),
  check('feedback_value_check', sql`${t.value} in ('up', 'down')`),
])

/** The outbox: one row for each version of a rating that the RAG API has to hear of. Written with the rating, in one transaction. */
export const feedbackDeliveries = pgTable('feedback_deliveries', {
  id: id(),
  feedbackId: uuid('feedback_id').notNull().references(() => feedback.id, { onDelete: 'cascade' }),
  version: integer().notNull(),
  payload: jsonb().$type<FeedbackPayload>().notNull(),
  status: text({ enum: ['pending', 'delivered', 'given_up'] }).notNull().default('pending'),
  attempts: integer().notNull().default(0),
  nextAttemptAt: moment('next_attempt_at').notNull().defaultNow(),
  /** While in the future, one server is delivering it; past it, any server may. */
  claimedUntil: moment('claimed_until'),
  claimedBy: uuid('claimed_by'),
  /** Past it a failed attempt was the last one. */
  giveUpAt: moment('give_up_at').notNull().default(sql`now() + interval '7 days'`),
  lastError: text('last_error'),
  createdAt: createdAt(),
  deliveredAt: moment('delivered_at'),
}, t => [
  uniqueIndex('feedback_deliveries_version_unique').on(t.feedbackId, t.version),
  index('feedback_deliveries_due_idx').on(t.nextAttemptAt).where(sql`${t.status} = 'pending'`),
  index('feedback_deliveries_status_idx').on(t.status, t.id),
  check('feedback_deliveries_status_check', sql`${t.status} in ('pending', 'delivered', 'given_up')`),
])

export interface FeedbackPayload {
  feedback_id: string
  message_id: string
  conversation_id: string
  customer_id: string
  value: 'up' | 'down' | null
  comment: string | null
  timestamp: string
}

export const faqs = pgTable('faqs', {
  id: id(),
  question: text().notNull(),
  /** The question folded (case, accents, punctuation, spaces): two FAQs may not differ by these alone. */
  questionKey: text('question_key').notNull(),
  answer: text().notNull(),
  order: integer().notNull().default(0),
  isActive: boolean('is_active').notNull().default(true),
  version: integer().notNull().default(1),
  createdAt: createdAt(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
}, t => [
  uniqueIndex('faqs_question_key_unique').on(t.questionKey),
  index('faqs_order_idx').on(t.order, t.id),
])

export const faqPhrasings = pgTable('faq_phrasings', {
  id: id(),
  faqId: uuid('faq_id').notNull().references(() => faqs.id, { onDelete: 'cascade' }),
  text: text().notNull(),
  position: integer().notNull(),
}, t => [uniqueIndex('faq_phrasings_position_unique').on(t.faqId, t.position)])

/** What was learned not to belong together: a question and a FAQ that does not answer it. Lowers that pair and near ones. */
export const faqNegatives = pgTable('faq_negatives', {
  id: id(),
  faqId: uuid('faq_id').notNull().references(() => faqs.id, { onDelete: 'cascade' }),
  question: text().notNull(),
  /** The thumbs down it comes from, and goes with; null: an admin said so. */
  feedbackId: uuid('feedback_id').references(() => feedback.id, { onDelete: 'cascade' }),
  createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: createdAt(),
}, t => [
  uniqueIndex('faq_negatives_feedback_unique').on(t.feedbackId),
  index('faq_negatives_faq_idx').on(t.faqId),
  index('faq_negatives_created_by_idx').on(t.createdBy),
])

/** Questions that mean the same and that customers did not get an answer to. Kept until somebody deals with them. */
export const unansweredGroups = pgTable('unanswered_groups', {
  id: id(),
  /** As it was asked first. */
  question: text().notNull(),
  /** Other wordings, for likeness and for a draft; a limited number. */
  wordings: jsonb().$type<string[]>().notNull().default([]),
  status: text({ enum: ['open', 'resolved', 'dismissed'] }).notNull().default('open'),
  /** Questions not dealt with yet, and what each of them is; one question may be two things. */
  occurrences: integer().notNull().default(0),
  fallbacks: integer().notNull().default(0),
  ignoredSuggestions: integer('ignored_suggestions').notNull().default(0),
  thumbsDown: integer('thumbs_down').notNull().default(0),
  /** Questions from before it was last dealt with. */
  earlier: integer().notNull().default(0),
  firstSeenAt: moment('first_seen_at').notNull(),
  lastSeenAt: moment('last_seen_at').notNull(),
  resolution: text({ enum: ['new_faq', 'phrasing', 'dismiss'] }),
  resolvedAt: moment('resolved_at'),
  resolvedBy: uuid('resolved_by').references(() => users.id, { onDelete: 'set null' }),
  /** The FAQ that was made or got a phrasing. */
  faqId: uuid('faq_id').references(() => faqs.id, { onDelete: 'set null' }),
  version: integer().notNull().default(1),
}, t => [
  index('unanswered_groups_often_idx').on(t.status, t.occurrences, t.lastSeenAt, t.id),
  index('unanswered_groups_recent_idx').on(t.lastSeenAt),
  index('unanswered_groups_resolved_by_idx').on(t.resolvedBy).where(sql`${t.resolvedBy} is not null`),
  index('unanswered_groups_faq_idx').on(t.faqId).where(sql`${t.faqId} is not null`),
  check('unanswered_groups_status_check', sql`${t.status} in ('open', 'resolved', 'dismissed')`),
])

/** A question that was not answered well: written with the reply or the rating, put into a group by a background pass. */
export const unansweredQuestions = pgTable('unanswered_questions', {
  /** The customer's question. */
  messageId: uuid('message_id').notNull().references(() => messages.id, { onDelete: 'cascade' }),
  kind: text({ enum: ['fallback', 'suggestion', 'thumbs_down'] }).notNull(),
  /** null: not looked at yet. */
  groupId: uuid('group_id').references(() => unansweredGroups.id, { onDelete: 'cascade' }),
  askedAt: moment('asked_at').notNull(),
  /** When to look at it: a suggestion is given time to be taken. */
  dueAt: moment('due_at').notNull(),
  /** When its group was dealt with, this question in it. */
  settledAt: moment('settled_at'),
}, t => [
  primaryKey({ columns: [t.messageId, t.kind] }),
  index('unanswered_questions_due_idx').on(t.dueAt).where(sql`${t.groupId} is null`),
  index('unanswered_questions_group_idx').on(t.groupId, t.askedAt),
  check('unanswered_questions_kind_check', sql`${t.kind} in ('fallback', 'suggestion', 'thumbs_down')`),
])

/** Work that one server does at a time, by a lease that lapses by itself. */
export const workClaims = pgTable('work_claims', {
  name: text().primaryKey(),
  claimedBy: uuid('claimed_by').notNull(),
  claimedUntil: moment('claimed_until').notNull(),
})

/** How often somebody has called, for limits that several servers keep together. */
export const rateLimits = pgTable('rate_limits', {
  /** A hash: of the limit and of whom it is kept for. */
  key: text().primaryKey(),
  /** Calls by slice of time (server/services/limits/window.ts). */
  hits: jsonb().$type<Record<string, number>>().notNull(),
  expiresAt: moment('expires_at').notNull(),
}, t => [index('rate_limits_expires_idx').on(t.expiresAt)])

/** The sentence encoder's vectors, so that a start or another server need not make them again. */
export const faqVectors = pgTable('faq_vectors', {
  /** SHA-256 of model and text. */
  hash: text().primaryKey(),
  model: text().notNull(),
  /** 32-bit floats, little-endian, base64. */
  vector: text().notNull(),
})

export const chatConfig = pgTable('chat_config', {
  id: id(),
  singleton: boolean().notNull().default(true),
  botName: text('bot_name').notNull(),
  greeting: text().notNull(),
  fallbackMessage: text('fallback_message').notNull(),
  contactEmail: text('contact_email'),
  accentColor: text('accent_color'),
  pollingIntervalMs: integer('polling_interval_ms').notNull(),
  ragApiUrl: text('rag_api_url'),
  ragApiFormat: text('rag_api_format', { enum: ['plain', 'openai', 'dify', 'flowise'] }).notNull().default('plain'),
  ragFeedbackUrl: text('rag_feedback_url'),
  /** AES-256-GCM, with the id of its key in front; see server/core/secret-box.ts. */
  ragApiKeyEncrypted: text('rag_api_key_encrypted'),
  ragApiKeyHint: text('rag_api_key_hint'),
  /** Of the format openai: which model to ask, and what it is told before every conversation. */
  ragModel: text('rag_model'),
  ragSystemPrompt: text('rag_system_prompt'),
  /** How many questions one server asks at once; the rest get the fallback. */
  ragMaxInFlight: integer('rag_max_in_flight').notNull().default(32),
  ragTimeoutMs: integer('rag_timeout_ms').notNull(),
  ragLateAnswerMs: integer('rag_late_answer_ms').notNull(),
  /** When a person answers; null: nothing is said about it. */
  officeHours: jsonb('office_hours').$type<OfficeHours>(),
  answerStrictness: text('answer_strictness', { enum: ['cautious', 'balanced', 'eager'] }).notNull().default('balanced'),
  /** Conversations without a message for so many days are deleted; null: kept. */
  retentionDays: integer('retention_days'),
  /** Whether the RAG API gets placeholders for e-mail addresses, phone, card and account numbers. */
  maskPersonalData: boolean('mask_personal_data').notNull().default(true),
  version: integer().notNull().default(1),
  updatedAt: moment('updated_at').notNull().defaultNow(),
}, t => [
  uniqueIndex('chat_config_one_row').on(t.singleton),
  check('chat_config_singleton_check', sql`${t.singleton}`),
  check('chat_config_polling_check', sql`${t.pollingIntervalMs} between 500 and 60000`),
  check('chat_config_in_flight_check', sql`${t.ragMaxInFlight} between 1 and 1000`),
  check('chat_config_retention_check', sql`${t.retentionDays} between 1 and 36500`),
  check('chat_config_timeout_check', sql`${t.ragTimeoutMs} between 500 and 60000`),
])

/** A counter for each thing that servers keep in memory; it grows in the transaction that changes the thing. */
export const revisions = pgTable('revisions', {
  scope: text({ enum: ['faqs', 'config', 'negatives'] }).primaryKey(),
  revision: integer().notNull().default(1),
})

export const auditLog = pgTable('audit_log', {
  id: id(),
  /** null: the system itself, at start for instance. */
  actorId: uuid('actor_id').references(() => users.id, { onDelete: 'set null' }),
  action: text().notNull(),
  entity: text().notNull(),
  entityId: text('entity_id'),
  before: jsonb(),
  after: jsonb(),
  requestId: text('request_id'),
  createdAt: createdAt(),
}, t => [
  index('audit_log_entity_idx').on(t.entity, t.entityId),
  index('audit_log_actor_recent_idx').on(t.actorId, t.id),
  index('audit_log_entity_recent_idx').on(t.entity, t.id),
])

/*
 * The overview's figures, a row a day (UTC): kept by a background job, so that a year's report reads 365 rows and not a
 * million messages. What they are counted from stays the truth; a day that changed is counted anew.
 */
export const analyticsDays = pgTable('analytics_days', {
  day: date({ mode: 'string' }).primaryKey(),
  /** Conversations whose first message was written that day. */
  conversations: integer().notNull(),
  messages: integer().notNull(),
  questions: integer().notNull(),
  /** Replies of the bot by what made them; `suggestion`: the FAQs it offered instead of an answer. */
  faq: integer().notNull(),
  suggestion: integer().notNull(),
  rag: integer().notNull(),
  fallback: integer().notNull(),
  /** Ratings first given that day, as they stand now. */
  up: integer().notNull(),
  down: integer().notNull(),
})

/** How long the bot's replies took: a histogram a day, from which percentiles of any period can be read. */
export const analyticsReplyTimes = pgTable('analytics_reply_times', {
  day: date({ mode: 'string' }).notNull(),
  /** The whole part of the logarithm of the milliseconds to the base 1.1, so each is a tenth wider than the one before. */
  bucket: integer().notNull(),
  replies: integer().notNull(),
}, t => [primaryKey({ columns: [t.day, t.bucket] })])

export const analyticsFaqs = pgTable('analytics_faqs', {
  day: date({ mode: 'string' }).notNull(),
  faqId: uuid('faq_id').notNull().references(() => faqs.id, { onDelete: 'cascade' }),
  answers: integer().notNull(),
  up: integer().notNull(),
  down: integer().notNull(),
}, t => [
  primaryKey({ columns: [t.day, t.faqId] }),
  index('analytics_faqs_faq_idx').on(t.faqId),
])

/** Days whose rows are missing or no longer true. Deleting messages or ratings adds theirs (a trigger of the migration people_search_analytics). */
export const analyticsStaleDays = pgTable('analytics_stale_days', { day: date({ mode: 'string' }).primaryKey() })

/** One row: up to when every change is in the days above or among the stale ones, and which server is at it. */
export const analyticsState = pgTable('analytics_state', {
  singleton: boolean().primaryKey().default(true),
  /** null: nothing was ever counted. */
  countedUntil: moment('counted_until'),
  claimedUntil: moment('claimed_until'),
  claimedBy: uuid('claimed_by'),
  /** Days before it keep their figures: what they were counted from has been deleted by the retention. null: none. */
  frozenBefore: date('frozen_before', { mode: 'string' }),
}, t => [check('analytics_state_singleton_check', sql`${t.singleton}`)])
