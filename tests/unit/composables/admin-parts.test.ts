import { beforeEach, describe, expect, it } from 'vitest'
import { nuxt, resetNuxt } from '../../support/nuxt-imports'
import { ApiError } from '~/composables/api-client'
import { failureOf } from '~/composables/admin-failure'
import { periodOf, useFilters } from '~/composables/admin-filters'
import { fullTime, shortTime, timeAgo } from '~/composables/admin-time'

describe('the filters of a list', () => {
  beforeEach(() => {
    resetNuxt()
    nuxt.route.value.query = { q: ' dogs ', active: 'true', page: '2' }
  })

  it('are what the address holds, and nothing else of it', () => {
    const { filters, isFiltered, key } = useFilters(['q', 'active', 'from'])
    expect(filters.value).toEqual({ q: 'dogs', active: 'true', from: '' })
    expect([isFiltered.value, key.value]).toEqual([true, '{"q":"dogs","active":"true","from":""}'])
  })

  it('take one value each, however often the address names it', () => {
    Object.assign(nuxt.route.value.query, { q: ['a', 'b'], active: null })
    const { filters, isFiltered } = useFilters(['q', 'active'])
    expect([filters.value, isFiltered.value]).toEqual([{ q: '', active: '' }, false])
  })

  it('change by going to another address, where an empty one is left out', async () => {
    const { filter, clear } = useFilters(['q', 'active'])
    await filter({ active: '' })
    await filter({ q: 'cats' })
    await clear()
    expect(nuxt.navigations.map(target => JSON.parse(target))).toEqual([{ query: { q: 'dogs' } }, { query: { q: 'cats', active: 'true' } }, { query: {} }])
  })
})

describe('a period of days', () => {
  it('begins with the first and ends with the last moment of the reader’s own days', () => {
    expect(periodOf({ from: '2026-11-01', to: '2026-11-22' })).toEqual({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-22T23:59:59.999Z' })
    expect(periodOf({ from: '2028-02-29', to: '' })).toEqual({ from: '2028-02-29T00:00:00.000Z' })
  })

  it.each(['', 'yesterday', '2026-13-01', '2026-02-31', '2026-11-1', '2026-11-01T10:00'])('leaves out %j, which is no day', (day) => {
    expect(periodOf({ from: day, to: day })).toEqual({})
  })
})

describe('a moment', () => {
  const now = Date.parse('2026-11-22T14:05:30Z')

  it.each([
    ['2026-11-22T14:05:00Z', 'just now'],
    ['2026-11-22T14:06:00Z', 'just now'],
    ['2026-11-22T14:04:00Z', '1 minute ago'],
    ['2026-11-22T13:06:00Z', '59 minutes ago'],
    ['2026-11-22T11:00:00Z', '3 hours ago'],
    ['2026-11-21T10:00:00Z', 'yesterday'],
    ['2026-11-16T10:00:00Z', '6 days ago'],
    ['2026-11-01T10:00:00Z', '1 Nov 2026, 10:00'],
  ])('%s is %s', (iso, words) => {
    expect(timeAgo(iso, now)).toBe(words)
  })

  it('is written short, and in full with its zone', () => {
    expect(shortTime('2026-11-22T14:05:30Z')).toBe('22 Nov 2026, 14:05')
    expect(fullTime('2026-11-22T14:05:30Z')).toMatch(/Sunday.*22 November 2026.*14:05:30 UTC/)
  })
})

describe('a request that failed', () => {
  it('is told with the first complaint about each field', () => {
    const details = [{ path: 'question', message: 'Write a question.' }, { path: 'question', message: 'Too short.' }, { path: 'answer', message: 'Too long.' }]
    const error = new ApiError({ method: 'POST', path: '/admin/faqs', status: 400, body: { error: 'Check the fields.', code: 'VALIDATION_ERROR', details, request_id: 'r1' } })
    expect(failureOf(error)).toEqual({ status: 400, message: 'Check the fields.', requestId: 'r1', fields: { question: 'Write a question.', answer: 'Too long.' } })
  })

  it('is not what a mistake of ours is: that goes on to the console', () => {
    const mistake = new TypeError('undefined is not a function')
    expect(() => failureOf(mistake)).toThrow(mistake)
  })
})
