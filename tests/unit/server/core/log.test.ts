import { describe, expect, it } from 'vitest'
import { describeError } from '#server/core/log'

describe('an error in the log', () => {
  it('keeps its kind, its words and its causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(describeError(new TypeError('It failed', { cause }))).toMatchObject({
      type: 'TypeError', message: 'It failed', stack: expect.stringContaining('log.test.ts'), cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', cause: undefined },
    })
  })

  it('of a query says nothing of the query, its parameters or the row it was about', () => {
    const words = 'My mother must not know'
    const error = Object.assign(new Error(`Failed query: insert … params: ${words}`), { query: `insert … ${words}`, params: [words], code: '23505', constraint_name: 'messages_client_id', detail: `Key (text)=(${words}) exists` })
    const told = describeError(new Error('The message was not stored', { cause: error }))
    expect(told).toMatchObject({ cause: { message: 'A database query failed', code: '23505', constraint: 'messages_client_id', stack: undefined } })
    expect(JSON.stringify(told)).not.toContain(words)
  })

  it('is cut where it is long, and need not be an Error', () => {
    expect(describeError(new Error('x'.repeat(10_000)))).toMatchObject({ message: 'x'.repeat(500) })
    expect(describeError('y'.repeat(10_000))).toEqual({ message: 'y'.repeat(500) })
    expect(describeError(undefined)).toEqual({ message: 'undefined' })
  })
})
