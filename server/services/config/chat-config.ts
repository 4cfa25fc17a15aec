import { AppError } from '#server/core/app-error'
import { insertAuditEntry } from '#server/db/audit'
import { inTransaction } from '#server/db/client'
import { findConfig, updateConfig, type ConfigFields, type ConfigRow } from '#server/db/config'
import { bumpRevision } from '#server/db/revisions'
import { requestId } from '#server/core/request-context'
import { awayUntil } from '#server/services/handover/office-hours'
import { forgetRevisions, watchedValue } from '#server/services/revision-watch'
import type { AdminConfig, UpdateConfig } from '#shared/contracts/admin'
import type { CustomerChatConfig, PublicChatConfig } from '#shared/contracts/chat'
import { ragApiKeyStatus, sealRagApiKey } from './rag-api-key'

/** The config in force, at most a few seconds old. */
export const getChatConfig = watchedValue('config', async (): Promise<ConfigRow> => {
  const config = await findConfig()
  if (!config) throw new AppError('UNAVAILABLE', 'The chat is not set up yet: run npm run db:seed.', { retryAfter: 5 })
  return config
})

export function publicConfig(config: ConfigRow): PublicChatConfig {
  return {
    polling_interval_ms: config.pollingIntervalMs,
    fallback_message: config.fallbackMessage,
    bot_name: config.botName,
    greeting: config.greeting,
    contact_email: config.contactEmail,
    accent_color: config.accentColor,
  }
}

/** What a customer's chat is told: the public settings, and until when no person answers. */
export function customerConfig(config: ConfigRow, now = new Date()): CustomerChatConfig {
  return { ...publicConfig(config), away_until: awayUntil(config.officeHours, now)?.toISOString() ?? null }
}

export function adminConfig(config: ConfigRow): AdminConfig {
  return {
    ...publicConfig(config),
    rag_api_url: config.ragApiUrl,
    rag_api_format: config.ragApiFormat,
    rag_feedback_url: config.ragFeedbackUrl,
    rag_model: config.ragModel,
    rag_system_prompt: config.ragSystemPrompt,
    rag_max_in_flight: config.ragMaxInFlight,
    rag_timeout_ms: config.ragTimeoutMs,
    rag_late_answer_ms: config.ragLateAnswerMs,
    answer_strictness: config.answerStrictness,
    office_hours: config.officeHours,
    retention_days: config.retentionDays,
    mask_personal_data: config.maskPersonalData,
    rag_api_key_set: config.ragApiKeyEncrypted !== null,
    rag_api_key_hint: config.ragApiKeyHint,
    rag_api_key_status: ragApiKeyStatus(config),
    version: config.version,
    updated_at: config.updatedAt.toISOString(),
  }
}

export async function readAdminConfig(): Promise<AdminConfig> {
  return adminConfig(await currentRow())
}

/** Saves the given fields over the version seen. Throws CONFLICT with the current state when that has moved on. */
export async function saveConfig(actorId: string, change: UpdateConfig): Promise<AdminConfig> {
  const saved = await inTransaction(async () => {
    const before = await currentRow()
    const after = await updateConfig(fieldsOf(change), change.version)
    if (!after) throw new AppError('CONFLICT', 'Somebody else has changed the settings meanwhile: look at theirs and save again.', { current: adminConfig(await currentRow()) })
    await bumpRevision('config')
    await insertAuditEntry({ actorId, action: 'update', entity: 'config', entityId: after.id, before: adminConfig(before), after: adminConfig(after), requestId: requestId() })
    return after
  })
  forgetRevisions()
  return adminConfig(saved)
}

async function currentRow(): Promise<ConfigRow> {
  const config = await findConfig()
  if (!config) throw new AppError('UNAVAILABLE', 'The chat is not set up yet: run npm run db:seed.', { retryAfter: 5 })
  return config
}

/** undefined leaves a column as it is. */
function fieldsOf(change: UpdateConfig): ConfigFields {
  return {
    botName: change.bot_name,
    greeting: change.greeting,
    fallbackMessage: change.fallback_message,
    contactEmail: change.contact_email as string | null | undefined,
    accentColor: (change.accent_color as string | null | undefined)?.toLowerCase() ?? (change.accent_color === null ? null : undefined),
    pollingIntervalMs: change.polling_interval_ms,
    ragApiUrl: change.rag_api_url as string | null | undefined,
    ragApiFormat: change.rag_api_format,
    ragFeedbackUrl: change.rag_feedback_url as string | null | undefined,
    ragModel: change.rag_model as string | null | undefined,
    ragSystemPrompt: change.rag_system_prompt as string | null | undefined,
    ragMaxInFlight: change.rag_max_in_flight,
    ragTimeoutMs: change.rag_timeout_ms,
    ragLateAnswerMs: change.rag_late_answer_ms,
    answerStrictness: change.answer_strictness,
    officeHours: change.office_hours,
    retentionDays: change.retention_days as number | null | undefined,
    maskPersonalData: change.mask_personal_data,
    ...keyFields(change.rag_api_key),
  }
}

function keyFields(key: string | undefined): Pick<ConfigFields, 'ragApiKeyEncrypted' | 'ragApiKeyHint'> {
  if (key === undefined) return {}
  if (key === '') return { ragApiKeyEncrypted: null, ragApiKeyHint: null }
  // The last four characters tell keys apart; of a key shorter than twice that they would give too much away.
  return { ragApiKeyEncrypted: sealRagApiKey(key), ragApiKeyHint: key.length >= 8 ? key.slice(-4) : '' }
}
