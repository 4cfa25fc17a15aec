import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { failureOf, type AdminFailure } from '~/composables/admin-failure'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import type { AdminFaq, CreateFaq, UpdateFaq } from '#shared/contracts/admin'
import type { Resolve, ResolveResult, UnansweredDetail } from '#shared/contracts/unanswered'

/** A phrasing has a key of its own, so that a row keeps its focus while others come and go. */
export interface PhrasingDraft { key: number, text: string }
export interface FaqDraft { question: string, answer: string, phrasings: PhrasingDraft[], is_active: boolean }
export type FaqText = Pick<AdminFaq, 'question' | 'answer' | 'phrasings' | 'is_active'>

const MAX_QUESTION = 300
let keys = 0
export const phrasingDraft = (text: string): PhrasingDraft => ({ key: ++keys, text })

const empty: FaqText = { question: '', answer: '', phrasings: [], is_active: true }
const draftOf = (faq: FaqText): FaqDraft => ({ question: faq.question, answer: faq.answer, phrasings: faq.phrasings.map(phrasingDraft), is_active: faq.is_active })
const textOf = (draft: FaqDraft): FaqText => ({ ...draft, phrasings: draft.phrasings.map(({ text }) => text.trim()).filter(Boolean) })
const fingerprint = ({ question, answer, phrasings, is_active }: FaqText) => JSON.stringify([question.trim(), answer.trim(), phrasings, is_active])

/** One FAQ being written: what is stored, what is typed, and how the two stand to each other. */
export const useAdminFaqEditor = defineStore('admin-faq-editor', () => {
  const api = useApi()
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const failure = ref<AdminFailure | null>(null)
  /** null: a FAQ that is not stored yet. */
  const base = ref<AdminFaq | null>(null)
  const draft = ref<FaqDraft>(draftOf(empty))
  const isSaving = ref(false)
  const isSaved = ref(false)
  const problem = ref<AdminFailure | null>(null)
  /** What somebody else has stored since we looked. */
  const other = ref<AdminFaq | null>(null)
  /** Counts what was opened: an answer to an earlier one is not for this form. */
  let turn = 0
  /** The waiting questions that a new FAQ is made for, and others to settle with them. */
  const group = ref<UnansweredDetail | null>(null)
  const also = ref<string[]>([])
  /** What a new one began with: nothing that could be lost. */
  const start = ref<FaqText>(empty)
  const unsaved = computed(() => state.value === 'ready' && fingerprint(textOf(draft.value)) !== fingerprint(base.value ?? start.value))
  /** Whether the same person wrote `field` in this form; else a merge takes the other's. */
  const changed = (field: keyof FaqText) => JSON.stringify(textOf(draft.value)[field]) !== JSON.stringify((base.value ?? empty)[field])

  function take(faq: AdminFaq | null) {
    base.value = faq
    group.value = null
    also.value = []
    start.value = empty
    draft.value = draftOf(faq ?? empty)
    problem.value = null
    other.value = null
    state.value = 'ready'
  }

  /** null starts a new one; `from`: with the words of a group of unanswered questions. */
  async function open(id: string | null, from: string | null = null) {
    const mine = ++turn
    isSaved.value = false
    if (!id && !from) return take(null)
    state.value = 'loading'
    try {
      if (!id) {
        const detail = await api.get<UnansweredDetail>(`/admin/unanswered/${from}`)
        if (mine === turn) draftFor(detail)
        return
      }
      const faq = await api.get<AdminFaq>(`/admin/faqs/${id}`)
      if (mine === turn) take(faq)
    }
    catch (error) {
      if (mine !== turn) return
      failure.value = failureOf(error)
      state.value = 'failed'
    }
  }

  function draftFor(detail: UnansweredDetail) {
    take(null)
    group.value = detail
    const [question = '', ...phrasings] = [...new Set([detail.question, ...detail.wordings])].filter(text => [...text].length <= MAX_QUESTION)
    start.value = { ...empty, question, phrasings }
    draft.value = draftOf(start.value)
  }

  /** Stores what is sent: over the stored one, as a new one, or as the end of the waiting questions it is made for. */
  async function store(sent: FaqText): Promise<AdminFaq> {
    if (base.value) return api.patch<AdminFaq>(`/admin/faqs/${base.value.id}`, { ...sent, version: base.value.version } satisfies UpdateFaq)
    if (!group.value || group.value.status !== 'open') return api.post<AdminFaq>('/admin/faqs', sent satisfies CreateFaq)
    const { faq } = await api.post<ResolveResult>(`/admin/unanswered/${group.value.id}/resolve`, { action: 'new_faq', ...sent, also: also.value } satisfies Resolve)
    return faq!
  }

  /** The stored FAQ; null when it was not stored, and `problem` or `other` says why. */
  async function save(): Promise<AdminFaq | null> {
    if (isSaving.value) return null
    const sentDraft = draft.value.phrasings.filter(({ text }) => text.trim())
    const sent = textOf(draft.value)
    const mine = turn
    isSaving.value = true
    isSaved.value = false
    problem.value = null
    try {
      const stored = await store(sent)
      if (mine !== turn) return stored
      // What was typed while the request was under way stays, as unsaved.
      if (fingerprint(textOf(draft.value)) === fingerprint(sent)) take(stored)
      else base.value = stored
      isSaved.value = true
      return stored
    }
    catch (error) {
      if (mine === turn) refuse(error, sentDraft)
      return null
    }
    finally {
      isSaving.value = false
    }
  }

  function refuse(error: unknown, sent: PhrasingDraft[]) {
    const told = failureOf(error)
    // Somebody else has dealt with the questions: what is written here can still be saved, as a FAQ of its own.
    if (error instanceof ApiError && error.current && !base.value) group.value = null
    else if (error instanceof ApiError && error.current) return other.value = error.current as AdminFaq
    // `phrasings.2` counts the phrasings that were sent; the form knows them by key.
    const fields = Object.fromEntries(Object.entries(told.fields).map(([path, message]) => {
      const at = /^phrasings\.(\d+)/.exec(path)?.[1]
      return [at === undefined ? path : `phrasing-${sent[Number(at)]?.key}`, message]
    }))
    // A duplicate: the server tells which question, and that is the field to mend.
    if (told.status === 409 && !(error instanceof ApiError && error.current)) fields.question ??= told.message
    problem.value = { ...told, fields }
  }

  /** Ends a conflict with a choice for each field and saves it over the version now seen. */
  async function settle(merged: FaqText): Promise<AdminFaq | null> {
    if (!other.value) return null
    base.value = other.value
    other.value = null
    draft.value = draftOf(merged)
    if (!unsaved.value) {
      take(base.value)
      return base.value
    }
    return save()
  }

  /** Back to editing: nothing is overwritten, and the next save asks again. */
  function postpone() {
    other.value = null
  }

  const mine = () => textOf(draft.value)
  return { state, failure, base, draft, group, also, isSaving, isSaved, problem, other, unsaved, changed, mine, open, save, settle, postpone }
})
