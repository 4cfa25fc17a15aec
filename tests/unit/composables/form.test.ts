// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { ApiError } from '~/composables/api-client'
import { problemOf, useForm } from '~/composables/form'
import { nuxt, resetNuxt } from '../../support/nuxt-imports'

const body = { error: 'Please check the fields.', code: 'VALIDATION_ERROR' as const, request_id: 'r', details: [{ path: 'email', message: 'Check the address.' }, { path: 'email', message: 'Second word on it.' }] }

describe('problemOf', () => {
  it('reads our ApiError and keeps the first word on each field', () => {
    const error = new ApiError({ method: 'POST', path: '/auth/register', status: 400, body })
    expect(problemOf(error)).toEqual({ status: 400, message: 'Please check the fields.', fields: { email: 'Check the address.' } })
  })

  it('reads the FetchError that nuxt-auth throws', () => {
    expect(problemOf(Object.assign(new Error('[POST] 401'), { status: 401, data: { ...body, details: undefined } }))).toEqual({ status: 401, message: 'Please check the fields.', fields: {} })
  })

  it.each([new TypeError('fetch failed'), null, undefined])('says that the server is out of reach for %s', (error) => {
    expect(problemOf(error)).toMatchObject({ status: 0, message: expect.stringContaining('could not reach the server') })
  })
})

function submitEvent(html: string): Event {
  const form = document.createElement('form')
  form.innerHTML = html
  return { target: form } as unknown as Event
}

describe('useForm', () => {
  it('sends what is in the inputs when it is submitted', async () => {
    const sent: unknown[] = []
    const form = useForm({ send: async fields => void sent.push(fields) })
    await form.submit(submitEvent('<input name="email" value="anna@example.com"><input value="nameless">'))
    expect(sent).toEqual([{ email: 'anna@example.com' }])
    expect(form.problem.value).toBeNull()
    expect(form.sending.value).toBe(false)
  })

  it('does not send what its own check refuses', async () => {
    const form = useForm({ check: () => ({ email: 'Enter your address.' }), send: () => Promise.reject(new Error('sent all the same')) })
    await form.submit(submitEvent('<input name="email">'))
    expect(form.problem.value?.fields).toEqual({ email: 'Enter your address.' })
  })

  it('sends once however often it is submitted, and is ready again afterwards', async () => {
    let answer = () => {}
    let count = 0
    const form = useForm({ send: () => new Promise<void>((resolve) => {
      count++
      answer = resolve
    }) })
    const first = form.submit(submitEvent(''))
    await form.submit(submitEvent(''))
    expect(count).toBe(1)
    expect(form.sending.value).toBe(true)
    answer()
    await first
    expect(form.sending.value).toBe(false)
  })

  it('uses the form\'s own words for a refusal it expects, else the server\'s', async () => {
    const refuse = (status: number) => Promise.reject(new ApiError({ method: 'POST', path: '/', status, body }))
    const explain = (status: number) => (status === 401 ? { message: 'They do not go together.', fields: {} } : null)
    const expected = useForm({ send: () => refuse(401), explain })
    await expected.submit(submitEvent(''))
    expect(expected.problem.value?.message).toBe('They do not go together.')
    const other = useForm({ send: () => refuse(400), explain })
    await other.submit(submitEvent(''))
    expect(other.problem.value?.message).toBe('Please check the fields.')
  })
})

describe('in Greek', () => {
  const refusedWith = async (status: number, details: { path: string, message: string, reason?: string }[] = []) => {
    nuxt.states.set('language', ref('el'))
    const form = useForm({ send: () => Promise.reject(new ApiError({ method: 'POST', path: '/auth/register', status, body: { ...body, details } })) })
    await form.submit(submitEvent('<input name="password">'))
    return form.problem.value!
  }
  beforeEach(resetNuxt)

  it('a form says the server’s refusals by their rule', async () => {
    const { message, fields } = await refusedWith(400, [{ path: 'password', message: 'Choose another password.', reason: 'common' }, { path: 'email', message: 'Odd.' }])
    expect(message).toBe('Ελέγξτε τα σημειωμένα πεδία.')
    expect(fields.password).toMatch(/^Επιλέξτε άλλον κωδικό/)
    expect(fields.email).toBe('Διορθώστε αυτό το πεδίο.')
  })

  it.each([[0, /διακομιστή/], [429, /Περιμένετε/], [503, /διαθέσιμη/], [500, /δεν πήγε καλά/]])('and by the status %i', async (status, words) => {
    expect((await refusedWith(status)).message).toMatch(words)
  })
})
