import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import type { AdminConfig, UpdateConfig } from '#shared/contracts/admin'
import type { OfficeHours } from '#shared/contracts/office-hours'

const plainFields = ['bot_name', 'greeting', 'fallback_message', 'contact_email', 'accent_color', 'polling_interval_ms', 'rag_api_url', 'rag_api_format', 'rag_feedback_url', 'rag_model', 'rag_system_prompt', 'rag_max_in_flight', 'rag_timeout_ms', 'rag_late_answer_ms', 'answer_strictness', 'office_hours', 'retention_days', 'mask_personal_data'] as const
export type SettingsField = typeof plainFields[number]
type Stored = Pick<AdminConfig, SettingsField>
/** What the form holds: an empty field is `''`, a number that was cleared too. */
export type SettingsDraft = { [Field in SettingsField]: NonNullable<Stored[Field]> extends number ? number | '' : NonNullable<Stored[Field]> extends OfficeHours ? OfficeHours | '' : NonNullable<Stored[Field]> }
/** The key is never read: it stays, goes, or is replaced by what was typed. */
export type KeyChange = { kind: 'keep' } | { kind: 'clear' } | { kind: 'replace', key: string }

const draftOf = (config: AdminConfig): SettingsDraft => Object.fromEntries(plainFields.map(field => [field, config[field] ?? ''])) as SettingsDraft
const blank = { ...Object.fromEntries(plainFields.map(field => [field, ''])), rag_api_format: 'plain', answer_strictness: 'balanced', mask_personal_data: true } as SettingsDraft

/** The chat's settings: what is stored, what the form holds, and how the two stand to each other. */
export const useAdminSettings = defineStore('admin-settings', () => {
  const api = useApi()
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const failure = ref<AdminFailure | null>(null)
  const base = ref<AdminConfig | null>(null)
  const draft = ref<SettingsDraft>({ ...blank })
  const key = ref<KeyChange>({ kind: 'keep' })
  const isSaving = ref(false)
  const isSaved = ref(false)
  const problem = ref<AdminFailure | null>(null)
  const other = ref<AdminConfig | null>(null)
  const changed = computed(() => (base.value ? plainFields.filter(field => !sameField(draft.value[field], base.value![field])) : []))
  const changesKey = computed(() => key.value.kind === 'clear' || (key.value.kind === 'replace' && key.value.key !== ''))
  const unsaved = computed(() => state.value === 'ready' && (changed.value.length > 0 || changesKey.value))

  function take(config: AdminConfig) {
    base.value = config
    draft.value = draftOf(config)
    key.value = { kind: 'keep' }
    problem.value = null
    other.value = null
    state.value = 'ready'
  }

  async function load() {
    state.value = 'loading'
    isSaved.value = false
    try {
      take(await api.get<AdminConfig>('/admin/config'))
    }
    catch (error) {
      failure.value = failureOf(error)
      state.value = 'failed'
    }
  }

  /** The key as it would be asked with: undefined is the stored one. */
  const keyToSend = () => (key.value.kind === 'clear' ? '' : changesKey.value && key.value.kind === 'replace' ? key.value.key.trim() : undefined)

  /** Only what changed is sent. Whether it was stored; else `problem` or `other` says why. */
  async function save(): Promise<boolean> {
    if (!base.value || isSaving.value) return false
    const sent = { ...draft.value }
    const sentKey = JSON.stringify(key.value)
    const body = { ...Object.fromEntries(changed.value.map(field => [field, field === 'office_hours' ? sent[field] || null : sent[field]])), rag_api_key: keyToSend(), version: base.value.version } as UpdateConfig
    isSaving.value = true
    isSaved.value = false
    problem.value = null
    try {
      const stored = await api.put<AdminConfig>('/admin/config', body)
      // What was typed while the request was under way stays, as unsaved.
      const since = plainFields.filter(field => draft.value[field] !== sent[field]).map(field => [field, draft.value[field]])
      const keySince = JSON.stringify(key.value) === sentKey ? null : key.value
      take(stored)
      Object.assign(draft.value, Object.fromEntries(since))
      if (keySince) key.value = keySince
      return isSaved.value = true
    }
    catch (error) {
      if (error instanceof ApiError && error.current) other.value = error.current as AdminConfig
      else problem.value = failureOf(error)
      return false
    }
    finally {
      isSaving.value = false
    }
  }

  /** Ends a conflict: the fields named stay as typed here, every other one becomes theirs; then saves if anything is left to save. */
  async function settle(mine: SettingsField[]): Promise<boolean> {
    if (!other.value) return false
    const kept = Object.fromEntries(mine.map(field => [field, draft.value[field]]))
    const keptKey = key.value
    take(other.value)
    Object.assign(draft.value, kept)
    key.value = keptKey
    return unsaved.value ? save() : isSaved.value = true
  }

  function postpone() {
    other.value = null
  }

  function undo() {
    if (base.value) take(base.value)
  }

  return { state, failure, base, draft, key, isSaving, isSaved, problem, other, changed, unsaved, load, save, settle, postpone, undo, keyToSend }
})

const sameField = (one: unknown, other: unknown) => JSON.stringify(typeof one === 'string' ? one.trim() : one) === JSON.stringify(other ?? '')
