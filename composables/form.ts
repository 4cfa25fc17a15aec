import { nextTick, ref } from 'vue'
import type { ErrorBody, ErrorDetail } from '#shared/contracts/errors'
import { useAccountTexts } from './account/texts'
import { ApiError } from './api-client'

export type FieldErrors = Record<string, string>
export interface FormProblem { message: string, fields: FieldErrors }

const bodyOf = (error: unknown) => (error as { data?: Partial<ErrorBody> } | null)?.data ?? {}
const detailsOf = (error: unknown): ErrorDetail[] => (error instanceof ApiError ? error.details : bodyOf(error).details ?? [])

/** What a failed request says about a form, whichever client made it: our ApiError or the FetchError of nuxt-auth. */
export function problemOf(error: unknown): FormProblem & { status: number } {
  const body: Partial<ErrorBody> = error instanceof ApiError ? { error: error.message } : bodyOf(error)
  const fields: FieldErrors = {}
  for (const { path, message } of detailsOf(error)) fields[path] ??= message
  return {
    status: (error as { status?: number } | null)?.status ?? 0,
    message: body.error ?? 'We could not reach the server. Check your connection and try again.',
    fields,
  }
}

export interface FormSteps {
  /** Problems that need no server, by the name of the field. */
  check?: (fields: Record<string, string>) => FieldErrors
  send: (fields: Record<string, string>) => Promise<void>
  /** Better words for a refusal this form expects; null keeps the server's. */
  explain?: (status: number) => FormProblem | null
}

/**
 * The life of a small form. Its inputs stay uncontrolled and are read when it is sent, so that what a password manager
 * or a quick typist filled in before the page became interactive is never wiped.
 */
export function useForm({ check, send, explain }: FormSteps) {
  const { form: words, refusals } = useAccountTexts()
  const sending = ref(false)
  const problem = ref<FormProblem | null>(null)
  /** The element that tells of the problem; it receives focus. */
  const summary = ref<{ $el: HTMLElement } | null>(null)

  async function show(next: FormProblem) {
    problem.value = next
    await nextTick()
    summary.value?.$el.focus()
  }

  async function submit(event: Event) {
    if (sending.value) return
    const form = event.target as HTMLFormElement
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    const missing = check?.(fields) ?? {}
    if (Object.keys(missing).length) return show({ message: words.check, fields: missing })
    problem.value = null
    sending.value = true
    try {
      await send(fields)
    }
    catch (error) {
      const { status, ...told } = problemOf(error)
      await show(explain?.(status) ?? (refusals ? inWordsOf(refusals, error, status) : told))
    }
    finally {
      sending.value = false
    }
  }

  /** The server says its refusals in English; a form in another language says them by their rule and status. */
  function inWordsOf(own: NonNullable<typeof refusals>, error: unknown, status: number): FormProblem {
    const fields: FieldErrors = {}
    for (const { path, reason } of detailsOf(error)) fields[path] ??= own.reasons[reason ?? ''] ?? own.marked
    if (Object.keys(fields).length) return { message: words.check, fields }
    return { message: status === 0 ? words.unreachable : status === 429 ? own.tooOften : status === 503 ? own.unavailable : own.other, fields }
  }

  return { sending, problem, summary, submit }
}
