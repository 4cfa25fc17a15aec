import { beforeEach, describe, expect, it } from 'vitest'
import { nuxt, resetNuxt, signedInCustomer } from '../../support/nuxt-imports'
import admin from '~/middleware/admin'
import guest from '~/middleware/guest'
import signedIn from '~/middleware/signed-in'

type Guard = (to: unknown, from: unknown) => unknown
const visit = (guard: unknown, fullPath: string, query: Record<string, string> = {}) => (guard as Guard)({ fullPath, query }, {})

beforeEach(resetNuxt)

describe('the guard of a customer\'s pages', () => {
  it('sends a visitor to the sign-in page and remembers the way back', () => {
    visit(signedIn, '/my-plan?from=mail')
    expect(nuxt.navigations).toEqual([JSON.stringify({ path: '/sign-in', query: { redirect: '/my-plan?from=mail' } })])
  })

  it('lets a customer through', () => {
    nuxt.user.value = signedInCustomer
    expect(visit(signedIn, '/my-plan')).toBeUndefined()
    expect(nuxt.navigations).toEqual([])
  })
})

describe('the guard of the sign-in page', () => {
  it('lets a visitor through', () => {
    visit(guest, '/sign-in')
    expect(nuxt.navigations).toEqual([])
  })

  it.each([
    ['customer', undefined, '/my-plan'],
    ['admin', undefined, '/admin'],
    ['customer', '/account', '/account'],
    ['customer', '//elsewhere.example', '/my-plan'],
    ['admin', 'https://elsewhere.example', '/admin'],
  ] as const)('passes a signed-in %s with redirect %j on to %s', (role, redirect, expected) => {
    nuxt.user.value = { ...signedInCustomer, role }
    visit(guest, '/sign-in', redirect ? { redirect } : {})
    expect(nuxt.navigations).toEqual([expected])
  })
})

describe('the guard of the back office', () => {
  it('sends a visitor to the sign-in page', () => {
    visit(admin, '/admin/faqs')
    expect(nuxt.navigations).toEqual([JSON.stringify({ path: '/sign-in', query: { redirect: '/admin/faqs' } })])
  })

  it('refuses a customer with 403', () => {
    nuxt.user.value = signedInCustomer
    expect(visit(admin, '/admin')).toMatchObject({ statusCode: 403 })
  })

  it('lets an admin through', () => {
    nuxt.user.value = { ...signedInCustomer, role: 'admin' }
    expect(visit(admin, '/admin')).toBeUndefined()
  })
})
