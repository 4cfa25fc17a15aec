import { afterEach, expect, it, vi } from 'vitest'
import { platformWaitUntil } from '#server/core/platform'

const VERCEL = Symbol.for('@vercel/request-context')
const globals = globalThis as Record<PropertyKey, unknown>

afterEach(() => {
  globals[VERCEL] = undefined
  globals.Netlify = undefined
})

it('nothing has to be asked on plain Node, nor can be on a host that knows no waiting', () => {
  expect(platformWaitUntil()).toBeNull()
  globals[VERCEL] = { get: () => undefined }
  globals.Netlify = { context: null }
  expect(platformWaitUntil()).toBeNull()
})

it.each([
  ['Vercel', (waitUntil: unknown) => globals[VERCEL] = { get: () => ({ waitUntil }) }],
  ['Netlify', (waitUntil: unknown) => globals.Netlify = { context: { waitUntil } }],
])('%s is asked to keep the work alive', (_, install) => {
  const waitUntil = vi.fn()
  install(waitUntil)
  const work = Promise.resolve()
  platformWaitUntil()!(work)
  expect(waitUntil).toHaveBeenCalledWith(work)
})
