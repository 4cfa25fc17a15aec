import type { AdminConfig, AdminFaq } from '#shared/contracts/admin'

/** A stored FAQ that is told apart by its name. */
export const sampleFaq = (name: string, more: Partial<AdminFaq> = {}): AdminFaq => ({
  id: `id-${name}`,
  question: `Question ${name}?`,
  answer: `Answer ${name}.`,
  phrasings: [],
  order: 0,
  is_active: true,
  version: 1,
  created_at: '2026-11-22T10:00:00.000Z',
  updated_at: '2026-11-22T10:00:00.000Z',
  ...more,
})

export const sampleConfig = (more: Partial<AdminConfig> = {}): AdminConfig => ({
  bot_name: 'Vasilias',
  greeting: 'Hello!',
  fallback_message: 'Let me ask a colleague.',
  contact_email: null,
  accent_color: '#a8d497',
  polling_interval_ms: 3000,
  rag_api_url: null,
  rag_api_format: 'plain',
  rag_feedback_url: null,
  rag_model: null,
  rag_system_prompt: null,
  rag_max_in_flight: 8,
  rag_timeout_ms: 10_000,
  rag_late_answer_ms: 60_000,
  answer_strictness: 'balanced', office_hours: null,
  retention_days: null,
  mask_personal_data: true,
  rag_api_key_set: false,
  rag_api_key_hint: null,
  rag_api_key_status: 'none',
  version: 1,
  updated_at: '2026-11-22T10:00:00.000Z',
  ...more,
})
