import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiError } from '~/composables/api-client'
import { useApi } from '~/composables/useApi'
import type { ErrorDetail } from '#shared/contracts/errors'
import type { SavePlan, WeddingPlan } from '#shared/contracts/plan'

/** What the form holds; a number that was cleared is null. */
export type PlanDraft = Omit<SavePlan, 'version'>
export type SaveState = 'idle' | 'saving' | 'saved' | 'failed' | 'conflict'

const fieldsOf = ({ wedding_date, guests, budget_euros }: WeddingPlan): PlanDraft => ({ wedding_date, guests, budget_euros })
const same = (one: PlanDraft, other: PlanDraft) => one.wedding_date === other.wedding_date && one.guests === other.guests && one.budget_euros === other.budget_euros

/** *My plan*: what is stored, what is being typed, and how the two stand to each other. */
export const usePlanStore = defineStore('plan', () => {
  const api = useApi()
  const plan = ref<WeddingPlan | null>(null)
  const draft = ref<PlanDraft>({ wedding_date: null, guests: null, budget_euros: null })
  const saveState = ref<SaveState>('idle')
  const saveError = ref<string | null>(null)
  const details = ref<ErrorDetail[]>([])
  /** The plan as another tab or device left it. */
  const other = ref<WeddingPlan | null>(null)
  const unsaved = computed(() => plan.value !== null && !same(draft.value, fieldsOf(plan.value)))

  async function load() {
    const loaded = await api.get<WeddingPlan>('/account/plan')
    if (unsaved.value && loaded.version !== plan.value?.version) {
      // Changed elsewhere while something is unsaved here: let the customer choose, as after a refused save.
      other.value = loaded
      saveState.value = 'conflict'
      return
    }
    const keepDraft = unsaved.value
    plan.value = loaded
    if (!keepDraft) draft.value = fieldsOf(loaded)
    if (saveState.value === 'saved') saveState.value = 'idle'
  }

  async function save() {
    if (!plan.value || saveState.value === 'saving') return
    const sent = { ...draft.value }
    saveState.value = 'saving'
    saveError.value = null
    details.value = []
    try {
      const body: SavePlan = { ...sent, version: plan.value.version }
      const stored = await api.put<WeddingPlan>('/account/plan', body)
      // Ticks travel on their own and may be ahead of this answer.
      plan.value = { ...stored, done_tasks: plan.value.done_tasks }
      // What was typed while the request was under way stays, as unsaved.
      if (same(draft.value, sent)) draft.value = fieldsOf(plan.value)
      saveState.value = 'saved'
    }
    catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409 && error.current) {
        other.value = error.current as WeddingPlan
        saveState.value = 'conflict'
        return
      }
      saveState.value = 'failed'
      saveError.value = error.message
      details.value = error.details
      if (error.status === 401) throw error
    }
  }

  /** After a conflict: the other version becomes the base, with its fields or with mine. */
  async function settle(keep: 'mine' | 'theirs') {
    if (!other.value) return
    plan.value = other.value
    other.value = null
    saveState.value = 'idle'
    if (keep === 'theirs') draft.value = fieldsOf(plan.value)
    else await save()
  }

  return { plan, draft, saveState, saveError, details, other, unsaved, load, save, settle }
})
